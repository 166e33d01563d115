import type { Clock, Micros } from 'spillway'

/** How many lines one topic may write in each span of time. */
export interface Sampling {
  readonly lines: number
  readonly per: Micros
}

const TEN_A_SECOND: Sampling = { lines: 10, per: 1_000_000 }

/**
 * Writes lines, but no more than ten a second on one topic unless said otherwise, so that a flood of requests is not a
 * flood of lines.
 */
export interface SampledLog {
  /**
   * Writes a line unless the topic has had its share. `write` gets how many lines of the topic were left out since the
   * last one. Topics are few: names of rules, kinds of faults.
   */
  line(topic: string, write: (leftOut: number) => void): void
}

interface Topic {
  span: number
  written: number
  leftOut: number
}

/** A sampled log by this clock. */
export function sampledLog(clock: Clock, { lines, per }: Sampling = TEN_A_SECOND): SampledLog {
  const topics = new Map<string, Topic>()

  return {
    line: (name, write) => {
      const span = Math.floor(clock.now() / per)
      const topic = topics.get(name) ?? { span, written: 0, leftOut: 0 }
      topics.set(name, topic)
      if (topic.span !== span) {
        topic.span = span
        topic.written = 0
      }
      if (topic.written === lines) {
        topic.leftOut++
        return
      }

      topic.written++
      write(topic.leftOut)
      topic.leftOut = 0
    },
  }
}
