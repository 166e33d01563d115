import { StoreError } from 'spillway'
import { fakeClock } from 'spillway/testing'
import { expect, test } from 'vitest'
import { logLines } from '../../../test/support/log-lines.js'
import { storeLog } from './store-log.js'

function logged() {
  const { log, lines } = logLines()
  const clock = fakeClock()
  return { lines, clock, log: storeLog(log, clock) }
}

test('each change of the store is one line', () => {
  const { lines, log } = logged()
  const sent = Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: ['hunter2'] } })
  const cause = new StoreError('ERR_SPILLWAY_STORE_TIMEOUT', 'no reply in 50 ms', { cause: sent })
  log.event({ kind: 'unavailable', cause })
  log.event({ kind: 'local', replicas: 3, cause })
  log.event({ kind: 'available', after: 1_500_000 })
  log.event({ kind: 'recovered' })
  log.event({ kind: 'warning', message: 'maxmemory-policy is allkeys-lru' })

  expect(lines).toMatchObject([
    { level: 50, code: 'ERR_SPILLWAY_STORE_TIMEOUT', reason: 'no reply in 50 ms' },
    { level: 40, replicas: 3, code: 'ERR_SPILLWAY_STORE_TIMEOUT', reason: 'no reply in 50 ms' },
    { level: 30, afterSeconds: 1.5 },
    { level: 30 },
    { level: 40, reason: 'maxmemory-policy is allkeys-lru' },
  ])
  expect(JSON.stringify(lines)).not.toContain('hunter2')
})

test('faults of a connection are one line a minute for each kind, which tells how many were left out', () => {
  const { lines, log, clock } = logged()
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' })
  for (let i = 0; i < 100; i++) log.clientFault(refused)
  log.clientFault(new Error('WRONGPASS invalid username-password pair or user is disabled.'))
  clock.advance('1m')
  log.clientFault(refused)

  expect(lines).toMatchObject([
    { level: 40, reason: 'connect ECONNREFUSED 127.0.0.1:6379' },
    { level: 40, reason: 'WRONGPASS invalid username-password pair or user is disabled.' },
    { level: 40, leftOut: 99 },
  ])
})

test('a fault tells what it can: of a cluster what a node said, else its code', () => {
  const { lines, log } = logged()
  const lastNodeError = new Error('NOAUTH Authentication required.')
  log.clientFault(Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError }))
  log.clientFault(Object.assign(new Error('every address failed'), { code: 'ETIMEDOUT', message: '' }))
  log.clientFault('odd')

  expect(lines.map(({ reason }) => reason)).toEqual(['NOAUTH Authentication required.', 'ETIMEDOUT', 'unknown'])
})
