import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { at, line, result } from './replay.fixture.js'

describe('replay', () => {
  test('sees each request as of who asks: the address, or what --user names', async () => {
    const log = [0, 1, 2, 3]
      .map((second) => line(second, `GET /a?key=${second % 2}`, { address: `203.0.113.${second}` }))
      .join('')
    expect(await result(log)).toMatchObject({ clients: 4, refused: { requests: 0 } })
    const byKey = await result(log.repeat(2), { user: { by: 'query', name: 'key' } })
    expect(byKey).toMatchObject({ requests: 8, clients: 2, refused: { requests: 2, clients: 2 } })
  })

  test('knows a name by its text, however its letters were sent and logged', async () => {
    const log = ['é', '%C3%A9', String.raw`\xC3\xA9`].map((name, at) => line(at, `GET /a?key=${name}`)).join('')
    expect(await result(log, { user: { by: 'query', name: 'key' } })).toMatchObject({ requests: 3, clients: 1 })
  })

  test('tells user agents of one address apart where the policy identifies by them', async () => {
    await writeFile(
      at('agents.yaml'),
      'identity:\n  - header: { name: User-Agent, verified: true }\nrules:\n  - { path: /**, quotas: 2/minute }\n',
    )
    const log = [0, 1, 2, 3].map((second) => line(second, 'GET /', { agent: `agent ${second % 2}` })).join('')
    expect(await result(log, { policy: at('agents.yaml') })).toMatchObject({ clients: 2, refused: { requests: 0 } })
  })

  test('counts requests without an address as of one client, as the guard does', async () => {
    const log = [0, 1, 2, 3].map((second) => line(second, 'GET /', { address: '-' })).join('')
    const found = await result(log)
    expect(found).toMatchObject({ clients: 1, denied: { requests: 1, clients: 1 } })
    expect(found.refusedClients).toMatchObject([{ name: 'ip:unknown', requests: 4, denied: 1 }])
  })

  test('puts users into the groups of a file, by which rules tell them apart', async () => {
    await writeFile(at('groups.csv'), 'user,group\n203.0.113.7,staff\n')
    await writeFile(
      at('by-group.yaml'),
      'rules:\n  - { path: /**, group: staff, quotas: 100/minute }\n  - { path: /**, quotas: 1/minute }\n',
    )
    const log = ['203.0.113.7', '203.0.113.8'].map((address) => line(0, 'GET /', { address }).repeat(3)).join('')
    const found = await result(log, { policy: at('by-group.yaml'), groups: at('groups.csv') })

    expect(found.groups).toMatchObject([
      { name: 'default', requests: 3, denied: 2 },
      { name: 'staff', requests: 3, denied: 0 },
    ])
  })
})
