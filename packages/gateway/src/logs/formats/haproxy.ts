import type { LogFormat } from '../log-line.js'
import { readMoment } from '../moment.js'
import { fill } from './fill.js'
import type { FormatOptions } from './options.js'
import { statusOf } from './status.js'
import { absolutePath } from './words.js'

/**
 * `option httplog` of HAProxy, with or without what syslog puts before it (HAProxy Configuration Manual, 8.2.3). Its time
 * has no zone. Captured headers stand in braces without a name: the first list of one is taken for the user agent.
 * It is tried at the beginning of words only: at each place of a long word it would take time by the square.
 */
const LINE =
  /(?<!\S)(\S+):\d+ \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d)(\.\d{1,6})?\] \S+ \S+ [-+\d/]+ (-?\d+) [+\d]+ \S+ \S+ \S+ [-+\d/]+ [-+\d/]+ (?:\{([^}|]*)(?:\|[^}]*)?\} )?(?:\{[^}]*\} )?"([^ "]+) ([^ "]+)(?: [^"]*)?"?$/

/** The bytes that a client sent: HAProxy writes a quote as `#22`, and so each byte that no URL should have. */
function unescaped(target: string): Buffer {
  const byteOf = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))
  return Buffer.from(target.replace(/#([\dA-F]{2})/g, byteOf), 'latin1')
}

/** Lines of HAProxy, whose times are taken to be `utcOffset` seconds from UTC. */
export function haproxyFormat({ texts, utcOffset }: FormatOptions): LogFormat {
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
      fill(into, texts, {
        address,
        method,
        target: unescaped(absolutePath(target)),
        status: statusOf(status),
        userAgent: agent === '' ? undefined : agent,
      })
      return undefined
    },
  }
}
