import type { LogFormat } from '../log-line.js'
import { albFormat } from './alb.js'
import { cloudfrontFormat } from './cloudfront.js'
import { combinedFormat } from './combined.js'
import { haproxyFormat } from './haproxy.js'
import { jsonFormat } from './json.js'
import type { FormatName } from './names.js'
import type { FormatOptions } from './options.js'

/** How a format is made, by its name. */
export const FORMATS: Readonly<Record<FormatName, (options: FormatOptions) => LogFormat>> = {
  combined: ({ texts }) => combinedFormat(texts),
  json: jsonFormat,
  alb: ({ texts }) => albFormat(texts),
  cloudfront: ({ texts }) => cloudfrontFormat(texts),
  haproxy: haproxyFormat,
}
