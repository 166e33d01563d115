import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Block, Charge, Zone } from './charge.js'
import type { Records } from './decide.js'
import { blockUntil, decide, peek } from './decide.js'
import { quotas } from './quota-parser.js'
import type { Record } from './record.js'
import { MINUTE, SECOND } from './units.js'
import { compileZone, everywhereZone } from './zone.js'

const NOW = 1_767_225_600_000_000
const ALICE = 'user:alice'

function emptyRecords(): Records & { readonly map: Map<string, Record> } {
  const map = new Map<string, Record>()
  return {
    map,
    get: (zone, partition) => map.get(`${zone.name} ${partition}`),
    set: (zone, partition, record) => void map.set(`${zone.name} ${partition}`, record),
  }
}

function chargeOn(name: string, text: string, cost = 1, block?: Block, everywhere?: Zone): Charge {
  const { zone, bound } = compileZone(name, [text === '' ? [] : quotas(text)], everywhere)
  return { zone, partition: ALICE, quotas: bound[0]!, cost, block, onStoreFailure: 'local' }
}

function kinds(charges: readonly Charge[], records: Records, now = NOW): string[] {
  return decide(charges, records, now).map(({ kind }) => kind)
}

describe('decide', () => {
  it('takes all charges of a request and answers each with what is left after it', () => {
    const decisions = decide([chargeOn('a', '2/second'), chargeOn('b', '5/second', 3)], emptyRecords(), NOW)
    expect(decisions).toMatchObject([
      { kind: 'allowed', remaining: 1, taken: 1, at: NOW },
      { kind: 'allowed', remaining: 2, taken: 3, at: NOW },
    ])
  })

  it('takes nothing where one charge is refused, and says what is there', () => {
    const records = emptyRecords()
    const [wide, narrow] = [chargeOn('a', '9/second'), chargeOn('b', '1/second')]
    decide([narrow], records, NOW)
    expect(decide([wide, narrow], records, NOW)).toMatchObject([
      { kind: 'allowed', remaining: 9, taken: 0 },
      { kind: 'denied', retryAfter: SECOND },
    ])
    expect(peek([wide], records, NOW)).toMatchObject([{ remaining: 9 }])
  })

  it('leaves every count as it was, whatever is refused', () => {
    const list = fc.array(fc.record({ zone: fc.constantFrom('a', 'b', 'c'), cost: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
      maxLength: 4,
    })
    const all = (['a', 'b', 'c'] as const).map((name) => chargeOn(name, '5/second; 7/minute'))
    const holds = fc.property(fc.array(list, { maxLength: 12 }), (requests) => {
      const records = emptyRecords()
      for (const request of requests) {
        const before = all.flatMap((charge) => peek([charge], records, NOW))
        const charges = request.map(({ zone, cost }) => chargeOn(zone, '5/second; 7/minute', cost))
        const allowed = kinds(charges, records).every((kind) => kind === 'allowed')
        if (!allowed) expect(all.flatMap((charge) => peek([charge], records, NOW))).toEqual(before)
      }
    })
    fc.assert(holds, { numRuns: 60 })
  })

  it('takes two charges on one record one after the other', () => {
    const records = emptyRecords()
    const charge = chargeOn('a', '3/second')
    expect(decide([charge, charge], records, NOW)).toMatchObject([{ remaining: 2 }, { remaining: 1 }])
    expect(kinds([charge, charge], records)).toEqual(['allowed', 'denied'])
    expect(peek([charge], records, NOW)).toMatchObject([{ remaining: 1 }])
  })

  it('puts no charge without quotas ahead of another', () => {
    const limited = chargeOn('a', '1/second')
    const unlimited = { ...limited, quotas: [] }
    const records = emptyRecords()
    expect(decide([unlimited, limited], records, NOW)).toMatchObject([{ taken: 0 }, { kind: 'allowed', remaining: 0 }])
  })

  it('decides an empty request, to an empty answer', () => {
    expect(decide([], emptyRecords(), NOW)).toEqual([])
  })
})

describe('peek', () => {
  it('answers as decide would, and takes nothing', () => {
    const records = emptyRecords()
    const charge = chargeOn('a', '1/second', 1, { for: MINUTE, everywhere: false })
    expect(peek([charge], records, NOW)).toMatchObject([{ kind: 'allowed', remaining: 1, taken: 0 }])
    decide([charge], records, NOW)
    expect(peek([charge], records, NOW)).toMatchObject([{ kind: 'denied', retryAfter: SECOND }])
    expect(peek([charge], records, NOW + SECOND)).toMatchObject([{ kind: 'allowed' }])
  })
})

describe('a block', () => {
  const block = { for: MINUTE, everywhere: false }

  it('starts with a denial, is not extended, and ends to the microsecond', () => {
    const records = emptyRecords()
    const charge = chargeOn('a', '1/second', 1, block)
    decide([charge], records, NOW)
    expect(decide([charge], records, NOW)).toMatchObject([{ kind: 'denied', retryAfter: MINUTE }])
    expect(decide([charge], records, NOW + MINUTE - 1)).toMatchObject([{ kind: 'blocked', retryAfter: 1 }])
    expect(kinds([charge], records, NOW + MINUTE)).toEqual(['allowed'])
  })

  it('shorter than the wait does not shorten it', () => {
    const records = emptyRecords()
    const charge = chargeOn('a', '1/hour', 1, block)
    decide([charge], records, NOW)
    expect(decide([charge], records, NOW)).toMatchObject([{ kind: 'denied', retryAfter: 60 * MINUTE }])
  })

  it('starts on no charge that another one made void, and on no impossible one', () => {
    const records = emptyRecords()
    const [free, spent] = [chargeOn('a', '9/second', 1, block), chargeOn('b', '1/second')]
    decide([spent], records, NOW)
    expect(kinds([free, spent], records)).toEqual(['allowed', 'denied'])
    expect(kinds([chargeOn('a', '9/second', 10, block)], records)).toEqual(['impossible'])
    expect(kinds([free], records)).toEqual(['allowed'])
  })

  it('everywhere holds in every zone that shares its record, for that partition alone', () => {
    const records = emptyRecords()
    const everywhere = everywhereZone()
    const login = chargeOn('login', '1/second', 1, { for: MINUTE, everywhere: true }, everywhere)
    const other = chargeOn('other', '9/second', 1, undefined, everywhere)
    decide([login], records, NOW)
    expect(kinds([login], records)).toEqual(['denied'])
    expect(decide([other], records, NOW + SECOND)).toMatchObject([{ kind: 'blocked', retryAfter: MINUTE - SECOND }])
    expect(kinds([{ ...other, quotas: [] }], records, NOW + SECOND)).toEqual(['blocked'])
    expect(kinds([{ ...other, partition: 'user:bob' }], records, NOW + SECOND)).toEqual(['allowed'])
    expect(kinds([chargeOn('apart', '9/second')], records, NOW + SECOND)).toEqual(['allowed'])
  })

  it('that is longer stays where a shorter one is asked for', () => {
    const records = emptyRecords()
    const charge = chargeOn('a', '9/second')
    blockUntil(records, charge.zone, ALICE, NOW + MINUTE, NOW)
    blockUntil(records, charge.zone, ALICE, NOW + SECOND, NOW)
    expect(decide([charge], records, NOW)).toMatchObject([{ kind: 'blocked', retryAfter: MINUTE }])
  })

  it('moves back with the clock', () => {
    const records = emptyRecords()
    const charge = chargeOn('a', '9/second')
    blockUntil(records, charge.zone, ALICE, NOW + MINUTE, NOW)
    expect(decide([charge], records, NOW - 60 * MINUTE)).toMatchObject([{ kind: 'blocked', retryAfter: MINUTE }])
    expect(kinds([charge], records, NOW - 59 * MINUTE)).toEqual(['allowed'])
  })
})
