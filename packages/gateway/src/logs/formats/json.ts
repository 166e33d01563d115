import type { LogFormat, LogLine, LogTexts } from '../log-line.js'
import { readMoment } from '../moment.js'
import type { JsonObject } from './json-value.js'
import { headerFields, isObject, textAt } from './json-value.js'
import type { Field, FieldNames } from './names.js'
import type { FormatOptions } from './options.js'
import { statusOf } from './status.js'

/**
 * Where the fields stand as a rule, in order: nginx (`escape=json`, named as its variables are), Caddy, Traefik,
 * pino-http, and what is common.
 */
const USUAL: Readonly<Record<Field, readonly string[]>> = {
  time: [
    'ts',
    'StartUTC',
    'time_iso8601',
    'msec',
    'time_local',
    'time',
    'timestamp',
    '@timestamp',
    'date',
    'startTime',
  ],
  address: [
    ...['remote_addr', 'request.client_ip', 'request.remote_ip', 'ClientHost', 'req.remoteAddress', 'client_ip'],
    ...['remoteAddress', 'clientip', 'client', 'ip', 'remote_ip', 'request.remote_addr', 'ClientAddr'],
  ],
  user: ['remote_user', 'user_id', 'ClientUsername', 'req.user', 'user'],
  method: ['request_method', 'request.method', 'RequestMethod', 'req.method', 'method', 'verb'],
  target: ['request_uri', 'request.uri', 'RequestPath', 'req.url', 'uri', 'url', 'target', 'path'],
  request: ['request', 'request_line'],
  status: ['status', 'DownstreamStatus', 'res.statusCode', 'statusCode', 'status_code', 'response'],
  'user-agent': ['http_user_agent', 'request_User-Agent', 'user_agent', 'userAgent', 'agent'],
}

/** Where request headers stand as one object. */
const HEADERS = ['request.headers', 'req.headers', 'headers']

const OPEN = 123

/** JSON lines: one object a line, of any of these servers, or with fields by name. */
export function jsonFormat(options: FormatOptions): LogFormat {
  return {
    name: 'json',
    parse(line, start, end, into) {
      if (line.bytes[start] !== OPEN) return 'it is no JSON object'
      const value = parsed(line.bytes.toString('utf8', start, end))
      if (value === undefined) return 'its JSON cannot be read'
      return readObject(value, options, into)
    },
  }
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function readObject(value: JsonObject, { texts, utcOffset, fields }: FormatOptions, into: LogLine): string | undefined {
  const find = (field: Field) => found(value, field, fields)
  const time = find('time')
  const at = time === undefined ? undefined : readMoment(time, utcOffset)
  if (at === undefined) return time === undefined ? missing('time') : 'its time cannot be read'

  const [method, target] = requestOf(find)
  const address = find('address')
  if (method === undefined) return missing('method')
  if (target === undefined) return missing('target')
  if (address === undefined) return missing('address')

  into.at = at
  into.address = texts.addresses.ofString(address)
  into.method = texts.names.ofString(method)
  into.target = texts.targets.ofString(target)
  into.status = statusOf(find('status'))
  readRest(value, find, texts, into)
  return undefined
}

type Find = (field: Field) => string | undefined

/** Method and target, of a whole request line where they do not stand alone. */
function requestOf(find: Find): [string | undefined, string | undefined] {
  const [method, target] = (find('request') ?? '').split(' ')
  return [find('method') ?? (target === undefined ? undefined : method), find('target') ?? target]
}

function readRest(value: JsonObject, find: Find, texts: LogTexts, into: LogLine): void {
  const headers = HEADERS.map((path) => headerFields(value, path)).find((each) => each !== undefined)
  const agent = find('user-agent') ?? headers?.get('user-agent')
  const user = find('user')
  into.user = user === undefined || user === '' || user === '-' ? undefined : texts.names.ofString(user)
  into.userAgent = agent === undefined ? undefined : texts.agents.ofString(agent)
  into.fields = headers ?? plainFields(value)
}

function missing(field: Field): string {
  return `it has no ${field}: name it with --fields ${field}=…`
}

function found(value: JsonObject, field: Field, fields: FieldNames): string | undefined {
  const named = fields[field]
  if (named !== undefined) return textAt(value, named)
  for (const path of USUAL[field]) {
    const text = textAt(value, path)
    if (text !== undefined && text !== '') return text
  }
  return undefined
}

/** nginx logs a header as `http_x_api_key`, Traefik as `request_X-Api-Key`. */
const PREFIX = /^(?:http_|request_)(?=.)/

function plainFields(value: JsonObject): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>()
  for (const [key, each] of Object.entries(value)) {
    if (typeof each !== 'string' || !PREFIX.test(key)) continue
    fields.set(key.replace(PREFIX, '').replaceAll('_', '-').toLowerCase(), each)
  }
  return fields.size === 0 ? undefined : fields
}
