/** The formats of logs, in the order in which they are tried. */
export const FORMAT_NAMES = ['combined', 'json', 'alb', 'cloudfront', 'haproxy'] as const

/** The name of a format. */
export type FormatName = (typeof FORMAT_NAMES)[number]

/** What a line tells of a request. `request` is a whole request line, for a log that has no method and target. */
export const FIELDS = ['time', 'address', 'user', 'method', 'target', 'request', 'status', 'user-agent'] as const

/** What a line tells of a request. */
export type Field = (typeof FIELDS)[number]

/** Where JSON lines have a field: keys joined by dots, `request.uri`. A key that itself has dots is found too. */
export type FieldNames = Partial<Readonly<Record<Field, string>>>
