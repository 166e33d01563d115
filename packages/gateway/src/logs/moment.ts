import type { Micros } from 'spillway'

const DAY = 86_400
const SECOND = 1_000_000

const ZERO = 48
const PLUS = 43
const MINUS = 45
const SLASH = 47
const COLON = 58

/** Reads two digits; less than zero where they are none. */
export function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) ^ ZERO
  const ones = (bytes[at + 1] as number) ^ ZERO
  return tens > 9 || ones > 9 ? -1 : tens * 10 + ones
}

/** The last whole second whose microseconds are counted exactly: in the year 2255. */
const LAST_SECOND = Math.floor(Number.MAX_SAFE_INTEGER / SECOND) - 1

/**
 * Microseconds since the Unix epoch of a moment in the proleptic Gregorian calendar; absent where there is no such
 * moment, or before 1970 or after 2255.
 */
function momentOf(year: number, month: number, day: number, secondOfDay: number, offset: number): Micros | undefined {
  if (day < 1 || month < 1 || month > 12 || day > daysIn(year, month)) return undefined
  const moment = (daysBefore(year, month) + day - 1) * DAY + secondOfDay - offset
  return moment >= 0 && moment <= LAST_SECOND ? moment * SECOND : undefined
}

/** The second of a day; less than zero where there is none such. A leap second is the one before it. */
function secondOfDay(hour: number, minute: number, second: number): number {
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1
  return hour * 3600 + minute * 60 + Math.min(second, 59)
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** Days from the epoch to the first of a month (Howard Hinnant, days_from_civil). */
function daysBefore(year: number, month: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5)
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'
const MONTH_OF = new Map(Array.from({ length: 12 }, (_, i) => [wordOf(Buffer.from(MONTHS), i * 3), i + 1]))

function wordOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number)
}

/** `17/May/2015:10:05:03`, 20 bytes of it, with an offset in seconds from UTC. */
export function apacheMoment(bytes: Uint8Array, at: number, offset: number): Micros | undefined {
  const time = secondOfDay(twoDigits(bytes, at + 12), twoDigits(bytes, at + 15), twoDigits(bytes, at + 18))
  const century = twoDigits(bytes, at + 7)
  const year = twoDigits(bytes, at + 9)
  const hasSlashes = bytes[at + 2] === SLASH && bytes[at + 6] === SLASH
  const hasColons = bytes[at + 11] === COLON && bytes[at + 14] === COLON && bytes[at + 17] === COLON
  if (time < 0 || century < 0 || year < 0 || !hasSlashes || !hasColons) return undefined
  return momentOf(century * 100 + year, MONTH_OF.get(wordOf(bytes, at + 3)) ?? 0, twoDigits(bytes, at), time, offset)
}

/** `+0200` as seconds; absent where it is none. */
export function offsetOf(bytes: Uint8Array, at: number): number | undefined {
  const sign = bytes[at]
  const hours = twoDigits(bytes, at + 1)
  const minutes = twoDigits(bytes, at + 3)
  if ((sign !== PLUS && sign !== MINUS) || hours < 0 || minutes < 0 || hours > 18 || minutes > 59) return undefined
  return (sign === MINUS ? -1 : 1) * (hours * 3600 + minutes * 60)
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d)?$/

/**
 * A moment as text: ISO 8601 (without an offset: `offset` seconds from UTC), Apache's, or a number since the epoch, in
 * seconds, milliseconds, microseconds or nanoseconds by its size. Absent where it is none, or before 1970 or after 2255.
 */
export function readMoment(text: string, offset: number): Micros | undefined {
  const iso = ISO.exec(text)
  if (iso === null) return /^\d+(\.\d+)?$/.test(text) ? sinceEpoch(Number(text)) : apacheText(text, offset)
  const [, year, month, day, hour, minute, second, fraction = '', zone] = iso
  const time = secondOfDay(Number(hour), Number(minute), Number(second))
  if (time < 0) return undefined
  const away = zone === undefined ? offset : zoneOffset(zone)
  if (away === undefined) return undefined
  const whole = momentOf(Number(year), Number(month), Number(day), time, away)
  return whole === undefined ? undefined : whole + Number(fraction.slice(0, 6).padEnd(6, '0'))
}

function zoneOffset(zone: string): number | undefined {
  return zone === 'Z' ? 0 : offsetOf(Buffer.from(zone.replace(':', '')), 0)
}

function apacheText(text: string, offset: number): Micros | undefined {
  const bytes = Buffer.from(text)
  if (bytes.length < 20) return undefined
  const away = bytes.length >= 26 ? offsetOf(bytes, 21) : offset
  return away === undefined ? undefined : apacheMoment(bytes, 0, away)
}

/** By its size: a number that would be seconds of the year 5138 is milliseconds of 1973. */
function sinceEpoch(value: number): Micros | undefined {
  const unit = value < 1e11 ? SECOND : value < 1e14 ? 1000 : value < 1e17 ? 1 : 0.001
  const moment = Math.round(value * unit)
  return moment <= LAST_SECOND * SECOND ? moment : undefined
}
