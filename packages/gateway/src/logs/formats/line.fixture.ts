import { emptyLine, logTexts } from '../log-line.js'
import { lineBytes } from '../text.js'
import { FORMATS } from './all.js'
import type { FormatName } from './names.js'
import type { FormatOptions } from './options.js'

const texts = logTexts()

/** What a format makes of a line, with texts as strings; the reason where it is none. */
export function readLine(name: FormatName, text: string, options: Partial<FormatOptions> = {}) {
  const into = emptyLine()
  // Other lines stand before and after it in the same memory.
  const bytes = Buffer.from(`earlier\n${text}\n" 200 "later" "`)
  const start = 'earlier\n'.length
  const format = FORMATS[name]({ texts, utcOffset: 0, fields: {}, ...options })
  const reason = format.parse(lineBytes(bytes), start, start + Buffer.byteLength(text), into)
  if (reason !== undefined) return reason
  const { at, address, user, method, target, status, userAgent, fields } = into
  return {
    at,
    address: address.text,
    user: user?.text,
    method: method.text,
    target: target.text,
    status,
    userAgent: userAgent?.text,
    fields: Object.fromEntries(fields ?? []),
  }
}
