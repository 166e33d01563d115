import type { Awaitable } from './units.js'

/** Whether a value is yet to come: only then is it worth an `await`. Any thenable counts, as it does for `await`. */
export function isPromise<T>(value: Awaitable<T>): value is Promise<T> {
  if (value instanceof Promise) return true
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** Goes on with a value when it is there: at once, unless it is a promise. */
export function after<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return isPromise(value) ? value.then(next) : next(value)
}

/** Does what nobody waits for the outcome of: what it throws, or rejects with, is dropped. */
export function quietly(act: () => Awaitable<void>): Awaitable<void> {
  try {
    const done = act()
    return isPromise(done) ? done.then(undefined, () => undefined) : done
  } catch {
    return undefined
  }
}
