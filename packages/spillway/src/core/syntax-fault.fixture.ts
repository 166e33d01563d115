import { QuotaSyntaxError } from './quota-syntax.js'

/** The fault that reading ends with. */
export function faultOf(read: () => unknown): QuotaSyntaxError {
  try {
    read()
  } catch (error) {
    if (error instanceof QuotaSyntaxError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
