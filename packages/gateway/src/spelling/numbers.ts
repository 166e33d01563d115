import type { Micros } from 'spillway'

/** `9,999`. */
export function number(value: number): string {
  return value.toLocaleString('en')
}

/** `1 request`, `9,999 requests`. */
export function counted(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** A share for a column: `2.1 %`, and `0.025 %` below a tenth. */
export function percent(value: number): string {
  return `${(100 * value).toFixed(value > 0 && value < 0.001 ? 3 : 1)} %`
}

/** A share in three digits: `0.125 %`. */
export function shortPercent(value: number): string {
  return `${Number((100 * value).toPrecision(3))} %`
}

/** A moment in UTC: `2015-05-17 10:05:03`. */
export function moment(at: Micros): string {
  return new Date(at / 1000).toISOString().replace('T', ' ').slice(0, 19)
}

/** The two largest units of a span: `1d 4h`, `3m 20s`. */
export function duration(span: Micros): string {
  let left = Math.floor(span / 1_000_000)
  const parts: string[] = []
  for (const [unit, seconds] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    if (left >= seconds && parts.length < 2) parts.push(`${Math.floor(left / seconds)}${unit}`)
    left %= seconds
  }
  return parts.length === 0 ? '0s' : parts.join(' ')
}
