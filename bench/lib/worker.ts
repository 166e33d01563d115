import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { endProcess } from '../../test/support/end-process.js'

/** A process of its own that answers questions. */
export interface Worker {
  readonly pid: number
  /** Resolves with what the process answers; rejects with its fault. One question at a time. */
  ask<Reply>(question: string, detail?: unknown): Promise<Reply>
  stop(): Promise<void>
}

interface Question {
  readonly question: string
  readonly detail: unknown
}

type Reply = { readonly value: unknown } | { readonly fault: string }

/** Starts a built script of the bench in plain Node. Rejects where it ends before it is ready. */
export async function startWorker(
  script: string,
  parameters: readonly string[],
  flags: readonly string[] = [],
): Promise<Worker> {
  const path = fileURLToPath(new URL(`../dist/${script}.js`, import.meta.url))
  const child = fork(path, parameters, { execArgv: [...flags], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  await reply(child, script)
  return {
    pid: child.pid ?? 0,
    ask: async <Value>(question: string, detail?: unknown) => {
      if (!child.connected) throw new Error(`${script} has ended`)
      child.send({ question, detail })
      return (await reply(child, script)) as Value
    },
    stop: () => endProcess(child, 'SIGKILL'),
  }
}

function reply(child: ChildProcess, script: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null) => {
      child.off('message', onReply)
      reject(new Error(`${script} ended with ${code ?? signal}`))
    }
    const onReply = (message: Reply) => {
      child.off('exit', onExit)
      if ('fault' in message) reject(new Error(message.fault))
      else resolve(message.value)
    }
    child.once('exit', onExit)
    child.once('message', onReply)
  })
}

/** What a fault says, in short. */
export function inShort(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] as string
}

/** The other side: answers questions for as long as the asker lives. */
export function answerQuestions(answers: Readonly<Record<string, (detail: never) => unknown>>): void {
  process.on('disconnect', () => process.exit())
  process.on('message', async ({ question, detail }: Question) => {
    try {
      const answer = answers[question]
      if (answer === undefined) throw new TypeError(`nobody here answers ${question}`)
      process.send?.({ value: await answer(detail as never) })
    } catch (error) {
      process.send?.({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  process.send?.({ value: 'ready' })
}
