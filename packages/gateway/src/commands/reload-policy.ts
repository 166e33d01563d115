import { resolve } from 'node:path'
import type { Logger } from 'pino'
import type { Policy } from 'spillway'
import { loadPolicyText } from '../policy-file/load-policy-file.js'
import { isStandardInput, readPolicyText } from '../policy-file/read-text.js'
import type { RunningGateway } from '../serve/start-gateway.js'
import { watchFiles } from '../serve/watch-files.js'

/** A policy file, as it was when its policy was put in force. */
export interface PolicySource {
  /** As the caller named it. */
  readonly file: string
  readonly text: string
  readonly env: NodeJS.ProcessEnv
}

/** When a policy file is read again. */
export interface ReloadWhen {
  /** At SIGHUP. */
  readonly told: boolean
  /** Whenever it holds something else than before. */
  readonly changed: boolean
}

const alreadyLogged = () => undefined
const READ_ONCE = 'nothing is reloaded: standard input is read once'

/**
 * Puts the policy of a file in force anew when it should be: what came of it is in the gateway's log. Gives what ends
 * that.
 */
export function reloadPolicy(gateway: RunningGateway, source: PolicySource, when: ReloadWhen, log: Logger): () => void {
  const { file, env } = source
  let tried: string | undefined = source.text
  const load = async (): Promise<Policy> => {
    tried = undefined
    tried = await readPolicyText(file)
    return loadPolicyText(tried, file, env).policy
  }
  const reload = () => void gateway.reload(load).catch(alreadyLogged)
  const reloadChanged = async () => {
    const text = await readPolicyText(file).catch(() => undefined)
    if (text !== tried) reload()
  }

  const hear = () => {
    if (isStandardInput(file)) log.warn({ signal: 'SIGHUP' }, READ_ONCE)
    else reload()
  }
  if (when.told) process.on('SIGHUP', hear)
  const unwatch = when.changed ? watchFiles([resolve(file)], () => void reloadChanged()) : () => undefined
  return () => {
    process.off('SIGHUP', hear)
    unwatch()
  }
}
