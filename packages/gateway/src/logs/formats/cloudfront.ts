import type { LogFormat, LogLine, LogTexts } from '../log-line.js'
import { COMMENT } from '../log-line.js'
import { readMoment } from '../moment.js'
import { fill } from './fill.js'
import { statusOf } from './status.js'

const TAB = 9
const HASH = 35

/** The columns of the standard log, version 1.0, where no `#Fields` says otherwise. */
const COLUMNS =
  'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query'

/** Where a column stands in a line; -1: nowhere. */
type Columns = Readonly<Record<'date' | 'time' | 'ip' | 'method' | 'stem' | 'query' | 'status' | 'agent', number>>

/**
 * Standard logs of Amazon CloudFront, in the extended format of the W3C: columns apart by tabs, named by a `#Fields`
 * line, in UTC ("Standard logging reference"). Lines that begin with `#` are no requests, and are not counted as faults.
 */
export function cloudfrontFormat(texts: LogTexts): LogFormat {
  let columns = columnsOf(COLUMNS)
  return {
    name: 'cloudfront',
    parse(line, start, end, into) {
      if (line.bytes[start] === HASH) {
        const text = line.bytes.toString('utf8', start, end)
        if (text.startsWith('#Fields:')) columns = columnsOf(text.slice('#Fields:'.length).trim())
        return COMMENT
      }
      if (line.bytes.subarray(start, end).indexOf(TAB) === -1) return 'it has no tabs'
      return readValues(line.bytes.toString('utf8', start, end).split('\t'), columns, texts, into)
    },
  }
}

function readValues(values: readonly string[], columns: Columns, texts: LogTexts, into: LogLine): string | undefined {
  const value = (name: keyof Columns) => values[columns[name]] ?? '-'
  const at = readMoment(`${value('date')}T${value('time')}`, 0)
  const [method, stem, query, agent] = [value('method'), value('stem'), value('query'), value('agent')]
  if (at === undefined) return 'its time cannot be read'
  if (method === '-' || stem === '-') return 'it has no method or no path'

  into.at = at
  fill(into, texts, {
    address: value('ip'),
    method,
    target: Buffer.from(query === '-' ? stem : `${stem}?${query}`),
    status: statusOf(value('status')),
    userAgent: agent === '-' ? undefined : decoded(agent),
  })
  return undefined
}

function columnsOf(text: string): Columns {
  const list = text.split(/\s+/)
  const at = (name: string) => list.indexOf(name)
  return {
    date: at('date'),
    time: at('time'),
    ip: at('c-ip'),
    method: at('cs-method'),
    stem: at('cs-uri-stem'),
    query: at('cs-uri-query'),
    status: at('sc-status'),
    agent: at('cs(User-Agent)'),
  }
}

/** A user agent is percent-encoded, spaces twice. */
function decoded(text: string): string {
  return text.replace(/%(?:25)?([2-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
