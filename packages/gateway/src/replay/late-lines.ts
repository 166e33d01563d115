import type { OrderCount } from '../logs/order.js'
import { counted } from '../spelling/numbers.js'

/**
 * What is to be said of lines that came too late to be put in order; absent where none did. Where most did, the log may be
 * one that begins with its newest line.
 */
export function lateLines({ late }: OrderCount, requests: number): string | undefined {
  if (late === 0) return undefined
  const advice = 2 * late > requests ? '; is it the newest line first? `tac` turns that round' : ''
  return `${counted(late, 'line')} came more than a minute too late: decided when they came${advice}`
}
