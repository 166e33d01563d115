import { expect, test } from 'vitest'
import { histogram } from './histogram.js'

test('a span counts in its bucket and in every wider one, a span at a bound within it', () => {
  const spans = histogram('spans_seconds', 'Spans.', [0.1, 1])
  for (const seconds of [0.05, 0.1, 0.5, 7]) spans.observe(seconds)

  expect(spans.render()).toBe(`# HELP spans_seconds Spans.
# TYPE spans_seconds histogram
spans_seconds_bucket{le="0.1"} 2
spans_seconds_bucket{le="1"} 3
spans_seconds_bucket{le="+Inf"} 4
spans_seconds_sum 7.65
spans_seconds_count 4
`)
})
