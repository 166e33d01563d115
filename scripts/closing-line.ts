import type { Reporter, SerializedError, TestModule } from 'vitest/node'

interface Count {
  passed: number
  failed: number
  skipped: number
}

/** A file that could not be loaded, or an error outside of any test, is a failure as well. */
function count(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Count {
  const total: Count = { passed: 0, failed: unhandled.length, skipped: 0 }
  for (const module of modules) {
    total.failed += module.errors().length
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      total[state === 'pending' ? 'skipped' : state] += 1
    }
  }
  return total
}

/** Vitest reporter: the very last line of a run is `N passed, M failed`, and `, K skipped` where tests were skipped. */
export function closingLine(): Reporter {
  return {
    onTestRunEnd(modules, unhandled, reason) {
      const { passed, skipped, ...total } = count(modules, unhandled)
      // A run can fail before its first test, as where the build does.
      const failed = reason === 'passed' ? total.failed : Math.max(total.failed, 1)
      const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
      process.once('exit', () => console.log(line))
    },
  }
}
