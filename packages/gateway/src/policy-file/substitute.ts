// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is how a policy file names a variable
/** A text with its environment variables put in. */
export interface Substitution {
  readonly text: string
  /** Whether the whole text was one `${…}`: then it is read again as a scalar. */
  readonly whole: boolean
  /** The variables whose values went in, in order. A fallback is not among them. */
  readonly used: readonly Variable[]
  readonly faults: readonly SubstitutionFault[]
}

/** An environment variable that a policy file names. */
export interface Variable {
  readonly name: string
  readonly value: string
}

/** What is wrong with one `${…}`, and at which character of the text it starts. */
export interface SubstitutionFault {
  readonly offset: number
  readonly message: string
}

const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{/g

/**
 * Puts environment variables into a text: `${NAME}`, `${NAME:-fallback}` where the variable is unset or empty, and `$${`
 * for a literal `${`. What was put in is not looked at again.
 */
export function substitute(text: string, env: NodeJS.ProcessEnv): Substitution {
  const used: Variable[] = []
  const faults: SubstitutionFault[] = []
  let whole = false

  const result = text.replace(
    REFERENCE,
    (match, name: string | undefined, fallback: string | undefined, at: number) => {
      if (match === '$${') return '${'
      if (name === undefined) {
        faults.push({ offset: at, message: 'write ${NAME} or ${NAME:-fallback}, or $${ for a literal ${' })
        return match
      }
      whole = match.length === text.length
      const value = Object.hasOwn(env, name) ? env[name] : undefined
      if (value !== undefined && (value !== '' || fallback === undefined)) {
        used.push({ name, value })
        return value
      }
      if (fallback === undefined) {
        faults.push({
          offset: at,
          message: `the environment variable ${name} is not set: set it, or write \${${name}:-fallback}`,
        })
      }
      return fallback ?? ''
    },
  )
  return { text: result, whole, used, faults }
}
