/**
 * The place of the first fault of a JSON text; absent where it is sound. The engine tells it for some faults only, so it
 * is looked for: the shortest beginning of the text that is not merely unfinished ends at the fault.
 */
export function jsonFault(text: string): { offset: number; message: string } | undefined {
  if (complaint(text) === undefined) return undefined

  let sound = 0
  let faulty = text.length
  if (unfinished(text)) return { offset: text.length, message: 'this is not JSON: it ends too early' }
  while (faulty - sound > 1) {
    const middle = (sound + faulty) >> 1
    if (unfinished(text.slice(0, middle))) sound = middle
    else faulty = middle
  }
  const character = text.charAt(faulty - 1)
  return { offset: faulty - 1, message: `this is not JSON: ${JSON.stringify(character)} cannot stand here` }
}

/** Whether more text could still mend it. */
function unfinished(text: string): boolean {
  const message = complaint(text)
  if (message === undefined || /end of JSON input|Unterminated string/.test(message)) return true
  const at = /at position (\d+)/.exec(message)?.[1]
  return at !== undefined && Number(at) >= text.length
}

function complaint(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
