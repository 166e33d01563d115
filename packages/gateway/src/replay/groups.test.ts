import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sharedFolder } from '../../test/support/folder.js'
import { readGroups } from './groups.js'

const folder = sharedFolder()

async function groupsOf(text: string) {
  const file = join(folder, 'groups.csv')
  await writeFile(file, text)
  return readGroups(file)
}

test.each([
  ['a heading and two users', 'user,group\nalice,pro\nbob,free\n'],
  ['no heading, and lines of Windows', 'alice,pro\r\nbob,free\r\n'],
  ['a mark of the byte order, empty lines and spaces', '\uFEFFUser,Group\n\n alice , pro \n\nbob,free'],
  ['quotes', '"alice","pro"\n"bob",free\n'],
])('groups are read from a file with %s', async (_, text) => {
  expect([...(await groupsOf(text))]).toEqual([
    ['alice', 'pro'],
    ['bob', 'free'],
  ])
})

test('quotes may hold commas, and quotes that are doubled', async () => {
  expect([...(await groupsOf('"Smith, ""Al""",pro'))]).toEqual([['Smith, "Al"', 'pro']])
})

test.each(['alice', 'alice,', ',pro', 'alice,pro,more', '"alice,pro', 'a"b,pro'])(
  'a line %j is a fault with its number',
  async (line) => {
    await expect(groupsOf(`user,group\nbob,free\n${line}\n`)).rejects.toThrow('groups.csv:3: a line is USER,GROUP')
  },
)
