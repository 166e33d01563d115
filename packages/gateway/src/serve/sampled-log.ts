import type { Clock, Micros } from 'spillway'

/** Most lines a second that one topic may write. */
const MOST_A_SECOND = 10
const SECOND: Micros = 1_000_000

/** Writes lines, but no more than ten a second on one topic, so that a flood of requests is not a flood of lines. */
export interface SampledLog {
  /**
   * Writes a line unless the topic has had its share. `write` gets how many lines of the topic were left out since the
   * last one. Topics are few: names of rules, kinds of faults.
   */
  line(topic: string, write: (leftOut: number) => void): void
}

interface Topic {
  second: Micros
  written: number
  leftOut: number
}

/** A sampled log by this clock. */
export function sampledLog(clock: Clock): SampledLog {
  const topics = new Map<string, Topic>()

  return {
    line: (name, write) => {
      const second = Math.floor(clock.now() / SECOND)
      const topic = topics.get(name) ?? { second, written: 0, leftOut: 0 }
      topics.set(name, topic)
      if (topic.second !== second) {
        topic.second = second
        topic.written = 0
      }
      if (topic.written === MOST_A_SECOND) {
        topic.leftOut++
        return
      }

      topic.written++
      write(topic.leftOut)
      topic.leftOut = 0
    },
  }
}
