import { promisesOfOptions } from './adapter-option-suite.js'
import { promisesOfOutcomes } from './adapter-outcome-suite.js'
import { promisesOfRequests } from './adapter-request-suite.js'
import { promisesOfRoutes } from './adapter-route-suite.js'
import type { MakeAdapterServer } from './adapter-scene.js'
import { adapterScene } from './adapter-scene.js'
import { describe } from './runner.js'

/** Proves an adapter through its real framework, over real connections: for vitest, in a test file of the adapter's. */
export function adapterSuite(name: string, makeServer: MakeAdapterServer): void {
  const scene = adapterScene(makeServer)
  describe(`the adapter for ${name}`, () => promisesOfRequests(scene))
  describe(`the options of the adapter for ${name}`, () => promisesOfOptions(scene))
  describe(`a limit on one route by the adapter for ${name}`, () => promisesOfRoutes(scene))
  describe(`what the adapter for ${name} tells the guard of outcomes`, () => promisesOfOutcomes(scene))
}
