import type { Zone } from '../../core/charge.js'
import { sha256 } from '../../identity/sha256.js'
import type { SlotOf } from './parts.js'
import { hashSlot } from './slot.js'

/** Names the record of a partition in a zone. */
export type KeyOf = (zone: Zone, partition: string) => string

/** Longer partitions are told by their hash, so that nobody fills the server's memory with names. */
const LONGEST = 128

/** What steers a hash tag, what escapes begin with, and halves of a pair, which UTF-8 cannot tell apart when they stand alone. */
const UNSAFE = /[%{}\ud800-\udfff]/
const ESCAPED = /[%{}]|\p{Cs}/gu

/**
 * Keys of the form `PREFIX{PARTITION}ZONE`: all records of one partition lie in one hash slot of a cluster. No two pairs
 * of zone and partition have the same key, whatever their names hold.
 */
export function keysUnder(prefix: string): KeyOf {
  const begin = `${prefix}{`
  const ends = new WeakMap<Zone, string>()
  return (zone, partition) => {
    let end = ends.get(zone)
    if (end === undefined) {
      end = `}${escaped(zone.name)}`
      ends.set(zone, end)
    }
    return begin + inKey(partition) + end
  }
}

/** The hash slot in which the records of a partition lie. */
export function slotIn(prefix: string): SlotOf {
  return (partition) => hashSlot(`${prefix}{${inKey(partition)}}`)
}

/** The key under which the processes that share a store are counted; on a cluster, in the slot of a partition. */
export function replicasKey(prefix: string, partition?: string): string {
  return partition === undefined ? `${prefix}*replicas` : `${prefix}{${inKey(partition)}}*replicas`
}

/** A partition as it stands between the braces; never empty, as an empty tag would steer nothing. */
function inKey(partition: string): string {
  if (partition.length > LONGEST) return hashed(partition)
  if (partition === '') return '%'
  return UNSAFE.test(partition) ? escaped(partition) : partition
}

function escaped(text: string): string {
  return text.replace(ESCAPED, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** Of the escaped form, in which no two partitions are alike. */
function hashed(partition: string): string {
  const digest = sha256(new TextEncoder().encode(escaped(partition)))
  return `%h${btoa(String.fromCharCode(...digest))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace('=', '')}`
}
