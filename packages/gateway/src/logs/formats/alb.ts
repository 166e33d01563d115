import type { LogFormat, LogTexts } from '../log-line.js'
import { readMoment } from '../moment.js'
import { fill } from './fill.js'
import { statusOf } from './status.js'
import { absolutePath, words } from './words.js'

/**
 * Access logs of an AWS Application Load Balancer: words and quoted texts, the client as `address:port`, the request with
 * an absolute URL ("Access logs for your Application Load Balancer", Access log entries).
 */
export function albFormat(texts: LogTexts): LogFormat {
  return {
    name: 'alb',
    parse(line, start, end, into) {
      const found = words(line.bytes.toString('utf8', start, end), 14)
      const [type = '', time = '', , client = '', , , , , status, targetStatus, , , request = '', agent = '-'] = found
      if (found.length < 14 || !/^(https?|h2|grpcs|wss?)$/.test(type))
        return 'it does not begin with a kind of connection'
      const at = /^\d{4}-/.test(time) ? readMoment(time, 0) : undefined
      if (at === undefined) return 'its time cannot be read'
      const [method = '', url, version] = request.split(' ')
      if (url === undefined || version === undefined || method === '-')
        return 'its request line is not METHOD URL VERSION'
      const colon = client.lastIndexOf(':')
      if (colon < 1) return 'it has no client with a port'

      into.at = at
      fill(into, texts, {
        address: client.slice(0, colon).replace(/^\[|\]$/g, ''),
        method,
        target: Buffer.from(absolutePath(url)),
        status: statusOf(targetStatus) || statusOf(status),
        userAgent: agent === '-' ? undefined : agent,
      })
      return undefined
    },
  }
}
