import type { Policy, RequestDescription } from 'spillway'
import type { Explanation } from 'spillway/explain'
import { explain as explainRequest } from 'spillway/explain'
import { askGateway } from '../explain/ask-gateway.js'
import { gatewayRefusal } from '../explain/gateway-refusal.js'
import { explanationText } from '../explain/print.js'
import { describedRequest } from '../explain/request.js'
import type { StoreToLook } from '../explain/store-to-look.js'
import { freshStore, storeToLook } from '../explain/store-to-look.js'
import { loadPolicyFile } from '../policy-file/load-policy-file.js'
import { unreadBody } from '../policy-file/unread-body.js'
import type { Terminal } from '../terminal/terminal.js'
import { printFaults, wrongCall } from './findings.js'

/** How `explain` is called. */
export interface ExplainOptions {
  readonly policy: string
  /** Each `NAME: VALUE`. */
  readonly header: readonly string[]
  readonly from?: string
  /** Whether the counts are those of the policy's store, not those of a fresh client. */
  readonly store?: boolean
  readonly json?: boolean
  /** Of a denial that a running gateway explains; then `admin` is there too. */
  readonly id?: string
  readonly admin?: string
  /** In place of `SPILLWAY_ADMIN_TOKEN`. */
  readonly token?: string
}

/**
 * Tells what a request would be answered and why, or why a running gateway has refused one. Gives the exit code: 0,
 * whatever the verdict; 1 where there is no explanation; 2 for a wrong call.
 */
export async function explain(
  method: string | undefined,
  target: string | undefined,
  options: ExplainOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  if (options.id !== undefined) {
    const others = { 'the method': method, ...besideId(options) }
    const [other] = Object.entries(others).find(([, value]) => value !== undefined) ?? []
    if (other !== undefined) return wrongCall(`a denial is explained by its id alone: leave out ${other}`, terminal)
    return explainDenial(options.id.trim(), options, env, terminal)
  }
  const [alone] =
    Object.entries({ '--admin': options.admin, '--token': options.token }).find(([, value]) => value) ?? []
  if (alone !== undefined) {
    return wrongCall(`${alone} goes with --id: of a request that is described here no gateway is asked`, terminal)
  }
  if (method === undefined || target === undefined) {
    return wrongCall('explain takes a method and a target, such as GET /towns, or --id and --admin', terminal)
  }
  try {
    const request = describedRequest({ method, target, headers: options.header, from: options.from })
    return await explainNow(request, options, env, terminal)
  } catch (error) {
    if (error instanceof RangeError) return wrongCall(error.message, terminal)
    return printFaults(error, terminal)
  }
}

/** What describes a request, and so nothing of a denial. */
function besideId({ header, from, store }: ExplainOptions): Readonly<Record<string, unknown>> {
  return { '--header': header[0], '--from': from, '--store': store }
}

async function explainDenial(
  id: string,
  { admin, token = '', json = false }: ExplainOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  if (id === '') return wrongCall('--id takes the request id of a denial: it is in its line in the log', terminal)
  if (admin === undefined) return wrongCall('--id needs --admin, such as http://127.0.0.1:9090', terminal)
  if (!/^https?:\/\//.test(admin) || !URL.canParse(admin)) {
    return wrongCall('--admin takes a URL, such as http://127.0.0.1:9090', terminal)
  }
  const given = token === '' ? env.SPILLWAY_ADMIN_TOKEN : token
  if (given === undefined || !/^[\x21-\x7e]+$/.test(given)) {
    return wrongCall('--id needs --token, or SPILLWAY_ADMIN_TOKEN', terminal)
  }
  try {
    terminal.out((await askGateway({ admin, token: given }, id, json)).trimEnd())
    return 0
  } catch (error) {
    terminal.err(`spillway: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
}

async function explainNow(
  request: RequestDescription,
  { policy: file, header, store: looks = false, json = false }: ExplainOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<0 | 1> {
  const { policy } = await loadPolicyFile(file, env)
  const refusal = gatewayRefusal(policy, request, header)
  if (refusal !== undefined) {
    terminal.out(spelled(refusal, json))
    return 0
  }
  const opened = looks ? await storeToLook(policy, file) : freshStore()
  if (opened === undefined) {
    terminal.err(`spillway: ${file} counts in memory: only its gateway knows the counts, and explains denials by --id`)
    return 1
  }
  try {
    return await printExplanation(policy, request, opened, json, terminal)
  } finally {
    await opened.close()
  }
}

async function printExplanation(
  policy: Policy,
  request: RequestDescription,
  { store, faults }: StoreToLook,
  json: boolean,
  terminal: Terminal,
): Promise<0 | 1> {
  const explanation = await explainRequest(policy, request, { store, ...unreadBody(policy) })
  terminal.out(spelled(explanation, json))
  const codes = faults()
  if (codes.length === 0) return 0
  terminal.err(`spillway: the store gave no answer (${codes.join(', ')}): this is what a gateway would say without it`)
  return 1
}

function spelled(explanation: Explanation, json: boolean): string {
  return json ? JSON.stringify(explanation, null, 2) : explanationText(explanation).trimEnd()
}
