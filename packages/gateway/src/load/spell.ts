import type { Micros } from 'spillway'

/** Milliseconds with three digits that count: `0.84 ms`, `12.3 ms`, `1,204 ms`. */
export function milliseconds(span: Micros): string {
  const value = span / 1000
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0
  return `${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ms`
}

/** `1.5 s` */
export function seconds(span: Micros): string {
  return `${Number((span / 1e6).toFixed(3)).toLocaleString('en')} s`
}
