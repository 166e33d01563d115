/**
 * The test runner of the suites: vitest, where it runs. The clock and the plain store of this folder need none, so that
 * an absent vitest is a fault only once a suite is called.
 */
type Vitest = Pick<typeof import('vitest'), 'describe' | 'expect' | 'it'>

async function load(): Promise<Vitest> {
  try {
    return await import('vitest')
  } catch {
    return { describe: missing, expect: missing, it: missing } as unknown as Vitest
  }
}

function missing(): never {
  throw new Error('the suites of spillway/testing run under vitest: npm install --save-dev vitest')
}

export const { describe, expect, it } = await load()
