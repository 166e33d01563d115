/** A status of three digits; 0 for whatever else stands in its place, such as a duration that was named by mistake. */
export function statusOf(text: string | undefined): number {
  return text !== undefined && /^[1-9]\d\d$/.test(text) ? Number(text) : 0
}
