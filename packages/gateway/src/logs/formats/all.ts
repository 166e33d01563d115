import type { LogFormat, LogTexts } from '../log-line.js'
import { combinedFormat } from './combined.js'
import type { FormatName } from './names.js'

/** What a format needs to know besides the line. */
export interface FormatOptions {
  readonly texts: LogTexts
  /** Seconds from UTC of times that do not say it themselves. */
  readonly utcOffset: number
}

/** How a format is made, by its name. */
export const FORMATS: Readonly<Record<FormatName, (options: FormatOptions) => LogFormat>> = {
  combined: ({ texts }) => combinedFormat(texts),
}
