import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Block } from './docs/blocks.js'
import { blocksOf, pages } from './docs/blocks.js'
import { unknownCommands } from './docs/commands.js'
import { loadBlock } from './docs/policies.js'
import { typeFaults } from './docs/type-check.js'

const blocks = pages().flatMap(blocksOf)
const named = (...languages: string[]): Block[] => blocks.filter(({ language }) => languages.includes(language))

/** Shown, not run: what a program prints, a drawing, a message on the wire, another program's configuration. */
const SHOWN = ['text', 'mermaid', 'http', 'nginx', 'diff']

describe('the code in the pages', () => {
  it('is of a language that this test knows', () => {
    const known = new Set(['ts', 'yaml', 'json', 'sh', ...SHOWN])
    expect(blocks.filter(({ language }) => !known.has(language)).map(({ place }) => place)).toEqual([])
  })

  it('is there at all', () => {
    expect(named('ts').length).toBeGreaterThan(5)
    expect(named('yaml').length).toBeGreaterThan(5)
    expect(named('sh').length).toBeGreaterThan(2)
  })

  it('type-checks against the sources', () => {
    expect(typeFaults(named('ts'))).toEqual([])
  })

  it.each(named('json').map((block) => [block.place, block] as const))('%s is JSON', (_, { code }) => {
    expect(() => JSON.parse(code)).not.toThrow()
  })

  it.each(policies())('%s is a policy that the gateway takes', async (_, block) => {
    await expect(loadBlock(block)).resolves.toBeUndefined()
  })

  it.each(
    named('yaml')
      .filter(({ marks }) => marks.includes('other'))
      .map((block) => [block.place, block] as const),
  )('%s is YAML of another program', (_, { code }) => {
    expect(parse(code)).toBeTypeOf('object')
  })

  it('names only commands that exist', () => {
    expect(named('sh').flatMap(unknownCommands)).toEqual([])
  })
})

function policies(): (readonly [string, Block])[] {
  const files = [...named('yaml').filter(({ marks }) => !marks.includes('other'))]
  const inJson = named('json').filter(({ marks }) => marks.includes('policy'))
  return [...files, ...inJson].map((block) => [block.place, block] as const)
}
