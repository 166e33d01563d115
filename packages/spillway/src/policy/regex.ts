import { RE2JS } from 're2js'
import type { RegexEngine } from './path-matcher.js'

export type { RegexEngine } from './path-matcher.js'

const LONGEST_EXPRESSION = 1_000

/**
 * In the engine's instructions, of which `a{100}` is 100: the time for a path grows with them too. Without counts no
 * expression of 1,000 characters has more.
 */
const LARGEST_PROGRAM = 1_100

/**
 * The engine for policies with `regex` rules: `parsePolicy(object, { regex: re2 })`. It has RE2's grammar, in
 * JavaScript (re2js), and takes time linear in the path whatever the expression is. `compile` throws `SyntaxError` for
 * more than 1,000 characters, for counted repetitions that multiply too far, for a fault, and for what has no
 * linear-time form: look-ahead, look-behind, back-references.
 */
export const re2: RegexEngine = Object.freeze({
  compile(source: string, { ignoreCase }: { readonly ignoreCase: boolean }): (path: string) => boolean {
    if (source.length > LONGEST_EXPRESSION) {
      throw new SyntaxError(
        `a regular expression has at most ${LONGEST_EXPRESSION} characters, this one has ${source.length}`,
      )
    }
    compiled(source, ignoreCase)
    // `\A` and `test` instead of `lookingAt`: the former may run on the engine's automaton, several times as fast.
    const expression = compiled(`\\A(?:${source})`, ignoreCase)
    if (expression.programSize() > LARGEST_PROGRAM) {
      throw refused(source, 'its counted repetitions multiply too far: write "+" or "*" for them')
    }
    return (path) => expression.test(path)
  },
})

function compiled(source: string, ignoreCase: boolean): RE2JS {
  try {
    return RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
  } catch (error) {
    throw refused(source, reasonOf(source, error), { cause: error })
  }
}

function reasonOf(source: string, error: unknown): string {
  if (/\(\?<?[=!]/.test(source)) return 'it looks ahead or behind, which takes more than linear time'
  if (/\\[1-9]|\\k</.test(source)) return 'it refers back to a group, which takes more than linear time'
  if (!(error instanceof Error)) return String(error)
  // The engine shows the expression as it is given to it, which is not as it was written.
  return error.message.replace('error parsing regexp: ', '').replace(/`(?:\(\?i\))?(.*)`$/s, '"$1"')
}

function refused(source: string, reason: string, options?: ErrorOptions): SyntaxError {
  return new SyntaxError(`the regular expression ${JSON.stringify(source)} cannot be used: ${reason}`, options)
}
