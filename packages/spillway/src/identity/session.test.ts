import { describe, expect, it } from 'vitest'
import { request } from './request.fixture.js'
import type { SessionOptions } from './session.js'
import { session } from './session.js'

const find = (held: unknown, options?: SessionOptions) => session(options)(request('192.0.2.1', {}, held))

describe('session', () => {
  it('identifies the user in a session, in its group', () => {
    expect(find({ user: 'alice', group: 'gold' })).toEqual({ kind: 'user', user: 'alice', group: 'gold' })
    expect(find({ user: 'alice' })).toEqual({ kind: 'user', user: 'alice', group: 'default' })
  })

  it('finds user and group inside of objects', () => {
    const held = { account: { id: 7, plan: { name: 'gold' } } }
    expect(find(held, { user: 'account.id', group: 'account.plan.name' })).toMatchObject({ user: '7', group: 'gold' })
  })

  it('reads accessors, of the session or of its class', () => {
    class Session {
      readonly #user = 'alice'
      get user() {
        return this.#user
      }
    }
    expect(find(new Session())).toMatchObject({ user: 'alice' })
    expect(find(Object.defineProperty(Object.create(null), 'user', { get: () => 'bob' }))).toMatchObject({
      user: 'bob',
    })
  })

  it('names a user by a number as by its digits', () => {
    expect(find({ user: 0 })).toMatchObject({ user: '0' })
    expect(find({ user: 12n })).toMatchObject({ user: '12' })
  })

  it.each([
    undefined,
    null,
    'alice',
    7,
    {},
    { user: '' },
    { user: null },
    { user: Number.NaN },
    { user: true },
    { user: { id: 1 } },
    { user: ['alice'] },
  ])('finds nobody in the session %j', (held) => {
    expect(find(held)).toBeUndefined()
  })

  it('finds nobody on a path that leads through something that is no object', () => {
    expect(find({ user: 'alice' }, { user: 'user.length' })).toBeUndefined()
    expect(find({}, { user: 'constructor' })).toBeUndefined()
  })

  it.each([
    [{ user: '' }, 'session: user'],
    [{ group: 7 }, 'session: group'],
    [{ usr: 'id' }, '"usr"'],
  ])('refuses the options %j by name', (options, words) => {
    expect(() => session(options as SessionOptions)).toThrow(words)
  })
})
