/**
 * What `require('spillway/testing')` gives: the same, but that the suites do not run. Their vitest takes an `await` to be
 * found, and what awaits cannot be required.
 */
export { guessOptions, planLimit } from './adapter-scene.js'
export { expectLimit } from './expect-limit.js'
export { fakeClock } from './fake-clock.js'
export { plainStore } from './plain-store.js'
export { notRequired as adapterSuite, notRequired as algorithmSuite, notRequired as storeSuite }

function notRequired(): never {
  throw new Error('the suites of spillway/testing run under vitest, in modules: import them')
}
