import { constants, createReadStream } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Decompress } from 'fzstd'
import { LogError, unreadable } from './log-error.js'

/** A log that is to be read. */
export interface LogFile {
  /** As the caller named it; `-` is standard input. */
  readonly path: string
  /**
   * In bytes, when it was opened: what is written later is not read. Absent where it can be read only once: standard
   * input, or a pipe.
   */
  readonly size?: number
  /** Where a copy of it lies, which is read instead. */
  readonly copy?: string
}

const CHUNK = 1024 * 1024

/**
 * The bytes of a log, unpacked where it begins as gzip (RFC 1952) or Zstandard (RFC 8878) does, without a byte order mark. `read` hears how many
 * bytes of the file were taken, packed as they are. Throws a `LogError` where it cannot be read, or unpacked.
 */
export async function* openLog(
  { path, size, copy = path }: LogFile,
  stdin: Readable,
  read: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  if (size === 0) return
  const last = size === undefined ? {} : { end: size - 1 }
  const source = copy === '-' ? stdin : createReadStream(copy, { highWaterMark: CHUNK, ...last })
  try {
    yield* withoutMark(unpacked(source, read))
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Looks how large a file is; standard input has no size. Throws a `LogError` where it cannot be opened, or is a folder. */
export async function logFile(path: string): Promise<LogFile> {
  if (path === '-') return { path }
  if (path === '') throw new LogError('the name of a log is empty: is a variable of the shell not set?')
  try {
    const stats = await stat(path)
    if (stats.isDirectory()) throw new LogError(`${path}: it is a folder: name the files in it`)
    await access(path, constants.R_OK)
    return stats.isFile() ? { path, size: stats.size } : { path }
  } catch (error) {
    throw unreadable(path, error)
  }
}

async function* unpacked(source: Readable, read: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const chunks = counted(source, read)
  const first = await firstBytes(chunks)
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield first
    yield* chunks
  }
  if (first[0] === 0x1f && first[1] === 0x8b) yield* gunzipped(all())
  else if (first.length >= 4 && first.readUInt32LE(0) === 0xfd2fb528) yield* zstdUnpacked(all())
  else yield* all()
}

/** The mark of UTF-8 would else be taken for a part of the first address. Throws for that of UTF-16. */
async function* withoutMark(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const first = await firstBytes(chunks)
  const mark = first.toString('hex', 0, 3)
  if (mark.startsWith('fffe') || mark.startsWith('feff')) throw new Error('it is in UTF-16: save it as UTF-8')
  yield mark === 'efbbbf' ? first.subarray(3) : first
  yield* chunks
}

async function* counted(source: Readable, read: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    read(chunk.length)
    yield chunk
  }
}

/** Enough to tell how a file is packed: a pipe may give a byte at a time. */
async function firstBytes(chunks: AsyncGenerator<Uint8Array>): Promise<Buffer> {
  let bytes = Buffer.alloc(0)
  while (bytes.length < 4) {
    const { value, done } = await chunks.next()
    if (done) break
    bytes = Buffer.concat([bytes, value])
  }
  return bytes
}

async function* gunzipped(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK })
  const fed = feed(chunks, gunzip)
  yield* gunzip
  await fed
}

async function feed(chunks: AsyncGenerator<Uint8Array>, gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (gunzip.destroyed) return
      if (!gunzip.write(chunk)) await new Promise<void>((resume) => gunzip.once('drain', resume).once('close', resume))
    }
    gunzip.end()
  } catch (error) {
    gunzip.destroy(error as Error)
  }
}

/** Node 20 cannot unpack Zstandard itself. */
async function* zstdUnpacked(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const out: Uint8Array[] = []
  const decompress = new Decompress((part) => void out.push(part))
  for await (const chunk of chunks) {
    decompress.push(chunk)
    yield* out.splice(0)
  }
  decompress.push(new Uint8Array(0), true)
  yield* out.splice(0)
}
