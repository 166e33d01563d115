import type { LogFormat, LogLine, LogTexts } from '../log-line.js'
import { readMoment } from '../moment.js'
import { absolutePath } from './words.js'

/**
 * `option httplog` of HAProxy, with or without what syslog puts before it (HAProxy Configuration Manual, 8.2.3). Its time
 * has no zone. Captured headers stand in braces without a name: the first list of one is taken for the user agent.
 * It is tried at the beginning of words only: at each place of a long word it would take time by the square.
 */
const LINE =
  /(?<!\S)(\S+):\d+ \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d)(\.\d{1,6})?\] \S+ \S+ [-+\d/]+ (-?\d+) [+\d]+ \S+ \S+ \S+ [-+\d/]+ [-+\d/]+ (?:\{([^}|]*)(?:\|[^}]*)?\} )?(?:\{[^}]*\} )?"([^ "]+) ([^ "]+)(?: [^"]*)?"?$/

/** The same as `LINE` reads with the time's zone given. */
export function haproxyFormat({ texts, utcOffset }: { texts: LogTexts; utcOffset: number }): LogFormat {
  return {
    name: 'haproxy',
    parse(line, start, end, into) {
      const match = LINE.exec(line.bytes.toString('utf8', start, end))
      if (match === null) return 'it is no line of option httplog'
      const [, address = '', time = '', fraction = '', status = '', agent, method = '', target = ''] = match
      const at = readMoment(time, utcOffset)
      if (at === undefined) return 'its time cannot be read'
      if (method === '<BADREQ>') return 'the client sent no request'
      into.at = at + Math.round(Number(fraction) * 1_000_000)
      fill(into, texts, { address, status, agent, method, target })
      return undefined
    },
  }
}

interface Found {
  readonly address: string
  readonly status: string
  readonly agent: string | undefined
  readonly method: string
  readonly target: string
}

function fill(into: LogLine, texts: LogTexts, { address, status, agent, method, target }: Found): void {
  into.address = texts.addresses.ofString(address)
  into.user = undefined
  into.method = texts.names.ofString(method)
  into.target = texts.targets.ofString(absolutePath(target))
  into.status = Math.max(0, Number(status))
  into.userAgent = agent === undefined || agent === '' ? undefined : texts.agents.ofString(agent)
  into.fields = undefined
}
