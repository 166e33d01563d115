import { describe, expect, it } from 'vitest'
import { quotas } from '../../core/quota-parser.js'
import { chargeOf, ruleOf } from '../../testing/program.js'
import type { StoreCall } from '../calls.js'
import { decodeReply } from './decode.js'

const call: StoreCall = { kind: 'decide', charges: [chargeOf(ruleOf('towns', quotas('5/minute')), 'a')] }
const allowed = [[{ kind: 'allowed', limit: 5, remaining: 4, resetAfter: 60, taken: 1, at: 1_000 }]]

describe('the reply of the script', () => {
  it.each([
    ['a list', [1_000, 1, 4, 60]],
    ['JSON', '[1000,1,4,60]'],
    ['JSON in bytes', Buffer.from('[1000,1,4,60]')],
  ])('is read as %s', (_, reply) => {
    expect(decodeReply([call], reply)).toMatchObject(allowed)
  })

  it.each([[undefined], ['PONG'], ['[1000'], ['5'], [['now']]])('is none: %j', (reply) => {
    expect(() => decodeReply([call], reply)).toThrow(
      expect.objectContaining({
        code: 'ERR_SPILLWAY_STORE_FAILED',
        message: expect.stringMatching(/^the script answered/),
      }),
    )
  })

  it.each([['WRONGTYPE'], [Buffer.from('WRONGTYPE')]])('tells of a call that fails alone: %o', (word) => {
    expect(decodeReply([call, call], [1_000, word, 1, 4, 60])).toMatchObject([
      { code: 'ERR_SPILLWAY_STORE_WRONGTYPE', message: 'a key of the store holds something of another type' },
      ...allowed,
    ])
  })

  it('tells of a call that it leaves out', () => {
    expect(decodeReply([call, call], [1_000, 1, 4, 60])).toMatchObject([
      ...allowed,
      { code: 'ERR_SPILLWAY_STORE_FAILED', message: 'the script answered a call with undefined' },
    ])
  })
})
