/** The formats of logs, in the order in which they are tried. */
export const FORMAT_NAMES = ['combined', 'json', 'alb', 'cloudfront', 'haproxy'] as const

/** The name of a format. */
export type FormatName = (typeof FORMAT_NAMES)[number]
