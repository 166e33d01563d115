import type { IdentitySource } from '../../identity/identity.js'
import { re2 } from '../../policy/regex.js'
import { memoryStore } from '../../store/memory/memory.js'
import type { FakeClock } from '../../testing/fake-clock.js'
import { fakeClock } from '../../testing/fake-clock.js'
import type { Verdict } from '../../verdict.js'
import type { AsgiConfig } from './config.js'
import type { AsgiGuard, AsgiGuardOptions } from './guard.js'
import { asgiGuard } from './guard.js'

/** A guard in memory on a clock that stands still, and requests to it. */
export interface Scene extends AsgiGuard {
  readonly clock: FakeClock
  /** `GET /towns` by `alice`, or by `alice as admin`; nobody asks `by` an empty text. */
  ask(request: string, by?: string): Promise<Verdict>
  /** Whether each of these passes, asked one after the other. */
  passes(requests: readonly string[], by?: string): Promise<readonly boolean[]>
}

export function scene(config: AsgiConfig, options: Partial<AsgiGuardOptions> = {}): Scene {
  const clock = fakeClock()
  const store = memoryStore({ clock })
  const made = asgiGuard(config, { store, identity: [byHeader], regex: re2, strictPaths: true, ...options })
  const ask: Scene['ask'] = async (request, by = 'alice') => {
    const [method = '', target = ''] = request.split(' ')
    return await made.guard.decide({
      method,
      target,
      header: (name) => (name === 'x-by' && by !== '' ? by : undefined),
    })
  }
  return {
    ...made,
    clock,
    ask,
    async passes(requests, by) {
      const answers: boolean[] = []
      for (const request of requests) answers.push((await ask(request, by)).kind === 'allow')
      return answers
    },
  }
}

const byHeader: IdentitySource = (request) => {
  const [user, group = 'default'] = request.header('x-by')?.split(' as ') ?? []
  return user === undefined ? undefined : { kind: 'user', user, group }
}
