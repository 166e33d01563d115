/** How many hash slots a cluster has. */
export const HASH_SLOTS = 16_384

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => crcOf(byte))

const encoder = new TextEncoder()

/**
 * The hash slot of a key (Redis Cluster specification, "Key distribution model" and "Hash tags"): CRC16 of the text
 * between the first `{` and the next `}`, where there is any, else of the whole key, modulo 16,384.
 */
export function hashSlot(key: string): number {
  return crc16(hashedPart(key)) % HASH_SLOTS
}

/** A hash tag is not empty: `{}user` is hashed whole. */
function hashedPart(key: string): string {
  const open = key.indexOf('{')
  if (open === -1) return key
  const close = key.indexOf('}', open + 1)
  return close <= open + 1 ? key : key.slice(open + 1, close)
}

/** CRC-16/XMODEM of the text's UTF-8: polynomial 1021 (hexadecimal), from 0, nothing reflected. */
function crc16(text: string): number {
  let crc = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) return crc16Bytes(encoder.encode(text))
    crc = next(crc, code)
  }
  return crc
}

function crc16Bytes(bytes: Uint8Array): number {
  return bytes.reduce(next, 0)
}

function next(crc: number, byte: number): number {
  return ((crc << 8) & 0xffff) ^ (TABLE[(crc >> 8) ^ byte] as number)
}

function crcOf(byte: number): number {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff
  return crc
}
