// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is how a policy file names a variable

const LINE_UP = 'the lines around this do not line up: keys and dashes that belong together start in the same column'
const NO_KEY = 'this is no key: a key has a colon and a space after it, as in `path: /towns`'
const WITHOUT_COMMA = 'inside [ ] and { } a comma parts what belongs together: one is missing here'

/** What is said of a fault that the parser of YAML has found in `text`, at this character: what to do, in plain words. */
export function yamlFault(code: string, message: string, text: string, offset: number): string {
  if (text.slice(offset - 1, offset + 1) === '${') {
    return 'inside [ ] and { } a variable needs quotes: write "${NAME}"'
  }
  const quote = /missing closing (["'])/i.exec(message)?.[1]
  if (quote) return `a text that is opened by ${quote} ends nowhere: close it with ${quote}`
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab cannot indent: use spaces'
    case 'BLOCK_AS_IMPLICIT_KEY':
      return hasTwoColons(text, offset) ? 'a second `: ` in one line: quote the value, or start a new line' : LINE_UP
    case 'MULTILINE_IMPLICIT_KEY':
      return NO_KEY
    case 'BLOCK_IN_FLOW':
      return WITHOUT_COMMA
    case 'BAD_ALIAS':
      return 'a value that begins with * needs quotes'
    case 'BAD_SCALAR_START':
      return `a value that begins with ${text.charAt(offset)} needs quotes`
    case 'TAG_RESOLVE_FAILED':
      return `${lowered(message)}. Tags mean nothing here: remove it`
    case 'BAD_DQ_ESCAPE':
      return `${lowered(message)}: in single quotes a backslash is a backslash`
    default:
      return without(message) ?? lowered(message)
  }
}

/** Faults whose code says too little. */
function without(message: string): string | undefined {
  if (/without - indicator/.test(message)) return LINE_UP
  if (/followed by map values/.test(message)) return NO_KEY
  const [, open, close] = /^flow (map|sequence) in block collection .* end with a (.)$/i.exec(message) ?? []
  if (open) return `a ${open === 'map' ? '{' : '['} above ends nowhere: close it with ${close} before this`
  return /^unexpected flow-(?:map|seq)-end/i.test(message) ? 'this closes nothing: nothing is open here' : undefined
}

function hasTwoColons(text: string, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const [line = ''] = text.slice(start).split('\n', 1)
  return (line.match(/:(?=\s)/g) ?? []).length > 1
}

function lowered(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1)
}
