import type { LogFormat, LogTexts } from '../log-line.js'
import { albFormat } from './alb.js'
import { cloudfrontFormat } from './cloudfront.js'
import { combinedFormat } from './combined.js'
import { haproxyFormat } from './haproxy.js'
import type { FieldNames } from './json.js'
import { jsonFormat } from './json.js'
import type { FormatName } from './names.js'

/** What a format needs to know besides the line. */
export interface FormatOptions {
  readonly texts: LogTexts
  /** Seconds from UTC of times that do not say it themselves. */
  readonly utcOffset: number
  /** Where JSON lines have what is asked for, instead of where it is usually. */
  readonly fields: FieldNames
}

/** How a format is made, by its name. */
export const FORMATS: Readonly<Record<FormatName, (options: FormatOptions) => LogFormat>> = {
  combined: ({ texts }) => combinedFormat(texts),
  json: jsonFormat,
  alb: ({ texts }) => albFormat(texts),
  cloudfront: ({ texts }) => cloudfrontFormat(texts),
  haproxy: haproxyFormat,
}
