import { formatDuration, parseDuration, QuotaSyntaxError } from '../core/duration.js'
import { HTTP_TOKEN } from '../core/http-token.js'
import { LONGEST_WINDOW } from '../core/quota-bounds.js'
import type { Micros } from '../core/units.js'
import { NAME, NAME_FAULT } from './name.js'
import { pathPattern } from './path-pattern.js'
import { report } from './place.js'
import type { Shape } from './shape.js'
import { made, notA, string } from './shape.js'

/** A span of time with its unit, such as `15m`; `min` in microseconds. */
export function duration({ min }: { min: Micros }): Shape<Micros> {
  const noun = 'a span of time as text, such as 30s'
  const text = string({ noun, max: 100 })
  const read = made(text, (value, at, issues) => {
    try {
      const span = parseDuration(value)
      if (span > LONGEST_WINDOW) return report(issues, at, 'must be at most 10 years')
      return span >= min ? span : report(issues, at, `must be at least ${formatDuration(min)}`)
    } catch (error) {
      return report(issues, at, faultIn(error))
    }
  })
  return {
    ...read,
    // A number too, so that also in a union it hears of its missing unit.
    takes: (value) => typeof value === 'string' || typeof value === 'number',
    parse: (value, at, issues) =>
      typeof value === 'number'
        ? report(
            issues,
            at,
            `must have a unit, such as ${Number.isSafeInteger(value) && value > 0 ? value : 60}s: a bare number does not say of what`,
          )
        : read.parse(value, at, issues),
    // The short and the long units of the quota grammar; the parser says more exactly what is wrong.
    schema: () => ({ type: 'string', pattern: '^\\s*(\\d+\\s*[A-Za-z]+\\s*)+$', examples: ['30s', '15m', '1h30m'] }),
  }
}

/**
 * The one-line message of what a parser of the core threw. What is neither a syntax nor a range error is a defect:
 * thrown on.
 */
export function faultIn(error: unknown): string {
  if (error instanceof QuotaSyntaxError) {
    const [problem] = error.message.split('\n')
    return `${problem} (character ${error.index + 1} of ${JSON.stringify(error.text)})`
  }
  if (error instanceof RangeError || error instanceof SyntaxError) return error.message
  throw error
}

/** A URL with one of these schemes (`http:`). `noun` says of what. */
export function url(schemes: readonly string[], noun: string): Shape<string> {
  const spelled = schemes.map((scheme) => `${scheme}//`).join(' or ')
  return made(string({ noun, max: 2_048 }), (value, at, issues) => {
    const scheme = URL.canParse(value) ? new URL(value).protocol : ''
    return schemes.includes(scheme) ? value : report(issues, at, `must be ${noun} that starts with ${spelled}`)
  })
}

/** `HOST:PORT`; an IPv6 address stands in brackets. */
export function hostAndPort(): Shape<string> {
  const noun = 'an address as text, such as 127.0.0.1:8080'
  const pattern = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$/
  return {
    ...string({ noun, pattern }),
    takes: (value) => typeof value === 'string' || typeof value === 'number',
    parse(value, at, issues) {
      if (typeof value !== 'string' && typeof value !== 'number') return report(issues, at, notA(noun, value))
      if (typeof value === 'number' || !pattern.test(value)) {
        return report(issues, at, 'must be HOST:PORT, such as 127.0.0.1:8080 or "[::]:8080"')
      }
      const port = Number(value.slice(value.lastIndexOf(':') + 1))
      return port <= 65_535 ? value : report(issues, at, `has port ${port}: a port is at most 65535`)
    },
  }
}

/** A path pattern that can match: its fault is told with all others of the file. */
export function pathText(): Shape<string> {
  return made(string({ max: 2_048 }), (value, at, issues) => {
    try {
      pathPattern(value, { strict: true })
      return value
    } catch (error) {
      return report(issues, at, faultIn(error))
    }
  })
}

/** The name of a header field, in lower case. */
export function headerName(): Shape<string> {
  const name = string({ pattern: HTTP_TOKEN, hint: 'is not the name of a header field', max: 128 })
  return made(name, (value) => value.toLowerCase())
}

/** The name of a rule, a zone or a layer. */
export function name(): Shape<string> {
  return string({ pattern: NAME, hint: NAME_FAULT })
}
