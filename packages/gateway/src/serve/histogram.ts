/** Counts how long something took, in plain numbers: a tenth of the time that a metrics library's own takes. */
export interface Histogram {
  /** Counts one span, in seconds. */
  observe(seconds: number): void
  /** In Prometheus' text format. */
  render(): string
}

/** A histogram with these upper bounds in seconds, ascending. */
export function histogram(name: string, help: string, bounds: readonly number[]): Histogram {
  const counts = new Float64Array(bounds.length + 1)
  let sum = 0

  return {
    observe: (seconds) => {
      let bucket = 0
      while (bucket < bounds.length && seconds > (bounds[bucket] as number)) bucket++
      counts[bucket] = (counts[bucket] as number) + 1
      sum += seconds
    },
    render: () => {
      const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`]
      let total = 0
      for (const [i, bound] of [...bounds, '+Inf'].entries()) {
        total += counts[i] as number
        lines.push(`${name}_bucket{le="${bound}"} ${total}`)
      }
      lines.push(`${name}_sum ${sum}`, `${name}_count ${total}`)
      return `${lines.join('\n')}\n`
    },
  }
}
