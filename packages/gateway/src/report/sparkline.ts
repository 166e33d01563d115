import { STEPS_OF_A_CLIENT } from '../replay/tally/clients.js'
import type { TimelineResult } from '../replay/tally/timeline.js'
import type { Markup } from './html.js'
import { html, own } from './html.js'
import { short } from './scale.js'

const CELL = 4
const HEIGHT = 22

/** A client's refusals over time, from its first one; its row in the table says the same in numbers. */
export function sparkline({ refused }: TimelineResult): Markup {
  const most = Math.max(1, ...refused)
  const bars = refused.flatMap((count, i) => {
    const height = Math.max(1.5, (HEIGHT * count) / most)
    return count === 0 ? [] : [`M${i * CELL} ${HEIGHT}v-${short(height)}h${CELL - 1}v${short(height)}z`]
  })
  const width = STEPS_OF_A_CLIENT * CELL
  return html`<svg class="spark" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" aria-hidden="true"><path class="refused" d="${own(bars.join(''))}"/></svg>`
}
