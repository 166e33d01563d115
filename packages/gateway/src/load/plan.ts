import type { Micros } from 'spillway'
import type { Line } from './judge/judge.js'
import type { Message, Sender } from './sender.js'

/** A request that a client sends again and again. */
export interface PlannedRequest {
  readonly message: Message
  readonly line: Line
}

/** What is sent, by whom and how often. */
export interface LoadPlan {
  /** Requests a second. */
  readonly rate: number
  readonly duration: Micros
  /** By client, and for each its targets. */
  readonly requests: readonly (readonly PlannedRequest[])[]
  /** The status of a denial. */
  readonly denied: number
  readonly sender: Sender
  /** Sends the same requests, half an interval later, to the service without its limiter. */
  readonly baseline: Sender | undefined
}
