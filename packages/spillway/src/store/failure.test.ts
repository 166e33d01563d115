import { expect, it } from 'vitest'
import type { FailurePolicy } from '../core/charge.js'
import { quota } from '../core/quota-parser.js'
import { compileZone } from '../core/zone.js'
import { strictest } from './failure.js'

const { zone } = compileZone('towns', [[quota('1/minute')]])

function charge(onStoreFailure: FailurePolicy) {
  return { zone, partition: 'alice', quotas: [], cost: 1, block: undefined, onStoreFailure }
}

it('deny beats local beats allow', () => {
  expect(strictest([charge('allow'), charge('local'), charge('deny')])).toBe('deny')
  expect(strictest([charge('allow'), charge('local')])).toBe('local')
  expect(strictest([charge('allow')])).toBe('allow')
})
