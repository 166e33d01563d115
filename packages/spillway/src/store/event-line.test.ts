import { expect, it } from 'vitest'
import { StoreError } from '../core/decision.js'
import type { StoreEvent } from './calls.js'
import { eventLine } from './event-line.js'

const cause = new StoreError('ERR_SPILLWAY_STORE_TIMEOUT', 'the store did not answer within 50 milliseconds')

it.each<[StoreEvent, string]>([
  [
    { kind: 'unavailable', cause },
    'the store is not available: the store did not answer within 50 milliseconds (ERR_SPILLWAY_STORE_TIMEOUT)',
  ],
  [{ kind: 'available', after: 1_250_499 }, 'the store is available again, after 1250 milliseconds'],
  [
    { kind: 'local', replicas: 4, cause },
    'limits are counted in this process alone, by one share of 4: the store did not answer within 50 milliseconds (ERR_SPILLWAY_STORE_TIMEOUT)',
  ],
  [{ kind: 'recovered' }, 'limits are counted by the store again'],
  [{ kind: 'warning', message: 'the server drops keys' }, 'the server drops keys'],
])('says %j in one line', (event, line) => {
  expect(eventLine(event)).toBe(line)
})
