/** A reply of a client that was told to give numbers as text, with its numbers. Scripts reply with no text of digits alone. */
export function withNumbers(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(withNumbers)
  return typeof reply === 'string' && /^-?\d+$/.test(reply) ? Number(reply) : reply
}
