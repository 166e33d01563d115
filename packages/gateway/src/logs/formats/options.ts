import type { LogTexts } from '../log-line.js'
import type { FieldNames } from './names.js'

/** What a format needs to know besides the line. */
export interface FormatOptions {
  readonly texts: LogTexts
  /** Seconds from UTC of times that do not say it themselves. */
  readonly utcOffset: number
  /** Where JSON lines have what is asked for, instead of where it is usually. */
  readonly fields: FieldNames
}
