import type { RequestListener, Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { IdentitySource } from './identity.js'
import type { Issuer } from './issuer.fixture.js'
import { issuer } from './issuer.fixture.js'
import { jwt } from './jwt.js'
import { request } from './request.fixture.js'

let first: Issuer
let second: Issuer
let server: Server
let url: string
let asked: number
let answer: RequestListener
let time: number
let source: IdentitySource

const pass = (milliseconds: number) => {
  time += milliseconds
}
const serve = (...keys: unknown[]) => {
  answer = (_, response) => response.end(JSON.stringify({ keys }))
}
const fail = (status = 500) => {
  answer = (_, response) => response.writeHead(status).end()
}
const find = async (token: string) => (await source(request('192.0.2.1', { authorization: `Bearer ${token}` })))?.user
const findTenTimes = (token: string) => Promise.all(Array.from({ length: 10 }, () => find(token)))
const tenTimes = (user: string | undefined) => Array.from({ length: 10 }, () => user)

beforeAll(async () => {
  first = await issuer('ES256', 'first')
  second = await issuer('EdDSA', 'second')
})

beforeEach(async () => {
  asked = 0
  time = Date.parse('2026-06-01T12:00:00Z')
  serve(first.publicJwk)
  server = createServer((incoming, response) => {
    asked++
    answer(incoming, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
  source = jwt({ jwks: url, algorithms: ['ES256', 'EdDSA'], now: () => new Date(time) })
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

describe('a key set by URL', () => {
  it('is fetched once for many tokens at a time, and not before the first', async () => {
    expect(asked).toBe(0)
    expect(await findTenTimes(await first.sign({ sub: 'alice' }))).toEqual(tenTimes('alice'))
    expect(asked).toBe(1)
  })

  it('is fetched again after ten minutes, and a key that is gone identifies nobody any more', async () => {
    const token = await first.sign({ sub: 'alice' })
    expect(await find(token)).toBe('alice')
    serve(second.publicJwk)
    pass(10 * 60_000 - 1)
    expect(await find(token)).toBe('alice')
    expect(asked).toBe(1)
    pass(1)
    expect(await find(token)).toBeUndefined()
    expect(asked).toBe(2)
  })

  it('is fetched again when a clock stepped back', async () => {
    await find(await first.sign({ sub: 'alice' }))
    pass(-3_600_000)
    await find(await first.sign({ sub: 'alice' }))
    expect(asked).toBe(2)
  })
})

describe('rotation', () => {
  it('is noticed with the first token that names a new key, for all tokens that come at that time', async () => {
    expect(await find(await first.sign({ sub: 'alice' }))).toBe('alice')
    serve(first.publicJwk, second.publicJwk)
    pass(30_000)
    expect(await findTenTimes(await second.sign({ sub: 'bob' }))).toEqual(tenTimes('bob'))
    expect(await find(await first.sign({ sub: 'alice' }))).toBe('alice')
    expect(asked).toBe(2)
  })

  it('costs the issuer one fetch in 30 seconds, however many unknown keys are named', async () => {
    expect(await find(await first.sign({ sub: 'alice' }))).toBe('alice')
    const stranger = await issuer('ES256', 'stranger')
    const token = await stranger.sign({ sub: 'mallory' })
    for (let second = 0; second < 90; second++) {
      expect(await find(token)).toBeUndefined()
      pass(1_000)
    }
    expect(asked).toBe(3)
    expect(await find(await first.sign({ sub: 'alice' }))).toBe('alice')
  })

  it('does not let a key sign with the name of another', async () => {
    serve(first.publicJwk, second.publicJwk)
    expect(await find(await second.sign({ sub: 'mallory' }, { kid: 'first' }))).toBeUndefined()
  })
})

describe('while the URL fails', () => {
  it('old keys stay in use', async () => {
    const token = await first.sign({ sub: 'alice' })
    expect(await find(token)).toBe('alice')
    fail()
    for (let hour = 0; hour < 5; hour++) {
      pass(3_600_000)
      expect(await find(token)).toBe('alice')
    }
  })

  it('nobody waits for it again: the next keys are fetched aside', async () => {
    const token = await first.sign({ sub: 'alice' })
    fail()
    expect(await findTenTimes(token)).toEqual(tenTimes(undefined))
    expect(asked).toBe(1)

    pass(4_999)
    expect(await find(token)).toBeUndefined()
    expect(asked).toBe(1)

    const served = new Promise<void>((resolve) => {
      answer = (_, response) => response.end(JSON.stringify({ keys: [first.publicJwk] }), () => resolve())
    })
    pass(1)
    expect(await find(token)).toBeUndefined()
    await served
    await expect.poll(() => find(token)).toBe('alice')
    expect(asked).toBe(2)
  })

  it('nobody with an old key waits for one that hangs, once it has failed', async () => {
    const token = await first.sign({ sub: 'alice' })
    expect(await find(token)).toBe('alice')
    fail()
    pass(10 * 60_000)
    expect(await find(token)).toBe('alice')

    const hangs = new Promise<void>((resolve) => {
      answer = () => resolve()
    })
    pass(5_000)
    const began = performance.now()
    expect(await findTenTimes(token)).toEqual(tenTimes('alice'))
    expect(performance.now() - began).toBeLessThan(4_000)
    await hangs
    expect(asked).toBe(3)
  })

  it('tokens are refused under deny, with the cause for the log', async () => {
    fail(503)
    source = jwt({ jwks: url, algorithms: ['ES256'], onInvalidToken: 'deny' })
    await expect(find(await first.sign({ sub: 'alice' }))).rejects.toMatchObject({
      code: 'ERR_SPILLWAY_INVALID_TOKEN',
      cause: {
        message: expect.stringContaining('cannot be fetched'),
        cause: { message: expect.stringContaining('503') },
      },
    })
  })

  it('an URL where nobody listens makes nobody of everybody', async () => {
    source = jwt({ jwks: 'http://127.0.0.1:1/keys', algorithms: ['ES256'] })
    expect(await find(await first.sign({ sub: 'alice' }))).toBeUndefined()
  })

  it('a server that never answers is given up after five seconds', async () => {
    answer = () => {
      // No answer, and the connection stays open.
    }
    const began = performance.now()
    expect(await find(await first.sign({ sub: 'alice' }))).toBeUndefined()
    expect(performance.now() - began).toBeGreaterThan(4_500)
  }, 15_000)
})

describe('a document that is no key set', () => {
  it.each(['', 'not json', '[]', 'null', '{}', '{"keys":{}}', '{"keys":[null,7,"x"]}', '<html>'])(
    '%j makes nobody of everybody',
    async (body) => {
      answer = (_, response) => response.end(body)
      expect(await find(await first.sign({ sub: 'alice' }))).toBeUndefined()
    },
  )

  it('may hold keys that mean nothing here beside those that do', async () => {
    serve({ kty: 'oct', k: 'AAAA', kid: 'first' }, { kty: 'quantum' }, {}, first.publicJwk)
    expect(await find(await first.sign({ sub: 'alice' }))).toBe('alice')
  })

  it('is read to a megabyte and no further', async () => {
    let written = 0
    answer = (_, response) => {
      const more = () => {
        if (response.destroyed || written > 100_000_000) return
        written += 65_536
        response.write(' '.repeat(65_536), more)
      }
      more()
    }
    expect(await find(await first.sign({ sub: 'alice' }))).toBeUndefined()
    expect(written).toBeLessThan(50_000_000)
  })
})

describe('redirects', () => {
  it('are followed within the origin', async () => {
    answer = (incoming, response) =>
      incoming.url === '/keys'
        ? response.writeHead(302, { location: '/other' }).end()
        : response.end(JSON.stringify({ keys: [first.publicJwk] }))
    expect(await find(await first.sign({ sub: 'alice' }))).toBe('alice')
  })

  it('are not followed to another host', async () => {
    let followed = 0
    const other = createServer((_, response) => {
      followed++
      response.end(JSON.stringify({ keys: [first.publicJwk] }))
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/keys`
    answer = (_, response) => response.writeHead(302, { location }).end()

    expect(await find(await first.sign({ sub: 'alice' }))).toBeUndefined()
    expect(followed).toBe(0)
    await new Promise((resolve) => other.close(resolve))
  })

  it('in a circle are given up', async () => {
    answer = (_, response) => response.writeHead(302, { location: '/keys' }).end()
    expect(await find(await first.sign({ sub: 'alice' }))).toBeUndefined()
    expect(asked).toBe(4)
  })
})
