import { addressRange, DOCUMENTATION_RANGES } from './address-range.js'
import { LoadError, textOf } from './load-error.js'

/** How clients are told apart. */
export interface ClientOptions {
  readonly clients: number
  /** A header line with `{n}` for a client's number, or `{key}` for its line of the file. */
  readonly clientHeader?: string
  /** A file with a key on each line. */
  readonly keys?: string
  /** A range in CIDR form, for `X-Forwarded-For`. */
  readonly clientAddress?: string
}

/** A client: how a person knows it, and the header line that tells it apart. */
export interface Client {
  readonly name: string
  readonly header: string
}

/**
 * Makes the clients. Throws a `RangeError` for options that cannot give so many, and a `LoadError` for a file of keys
 * that cannot.
 */
export async function clientsOf(options: ClientOptions): Promise<readonly Client[]> {
  const { clients: count, clientHeader, keys, clientAddress } = options
  if (clientAddress !== undefined && (clientHeader !== undefined || keys !== undefined)) {
    throw new RangeError('clients are told apart by --client-address, or by a header, not by both')
  }
  if (keys !== undefined) return await clientsByKey(count, keys, clientHeader ?? 'x-api-key: {key}')
  if (clientHeader !== undefined) return clientsByNumber(count, clientHeader)
  return clientsByAddress(count, clientAddress === undefined ? DOCUMENTATION_RANGES : [clientAddress])
}

/** A key is a credential: in what is shown its place in the file stands for it. */
async function clientsByKey(count: number, file: string, header: string): Promise<readonly Client[]> {
  if (!header.includes('{key}')) throw new RangeError('with --keys, --client-header needs {key} where the key stands')
  const text = await textOf(file, 'the keys')
  const lines = text.split(/\r?\n/).map((line, i) => ({ key: line.trim(), line: i + 1 }))
  const keys = lines.filter(({ key }) => key !== '')
  if (keys.length < count) {
    throw new LoadError(
      `${file} has ${keys.length} keys, one a line, and ${count} clients need one each: see --clients`,
    )
  }
  const name = header.slice(0, header.indexOf(':'))
  return keys.slice(0, count).map(({ key, line }) => ({
    name: `${name} of line ${line}`,
    header: header.replaceAll('{key}', () => key).replaceAll('{n}', String(line)),
  }))
}

function clientsByNumber(count: number, header: string): readonly Client[] {
  if (count > 1 && !header.includes('{n}')) {
    throw new RangeError("--client-header needs {n}, in which clients differ: 'x-api-key: key-{n}'")
  }
  return Array.from({ length: count }, (_, i) => {
    const line = header.replaceAll('{n}', String(i + 1))
    return { name: line, header: line }
  })
}

function clientsByAddress(count: number, ranges: readonly string[]): readonly Client[] {
  const clients: Client[] = []
  for (const range of ranges.map(addressRange)) {
    for (let i = 0; i < range.count && clients.length < count; i++) {
      clients.push({ name: range.at(i), header: `x-forwarded-for: ${range.at(i)}` })
    }
  }
  if (clients.length < count) {
    throw new RangeError(`${ranges.join(' and ')} has ${clients.length} addresses, and ${count} clients need one each`)
  }
  return clients
}
