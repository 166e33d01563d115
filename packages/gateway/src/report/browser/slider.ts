import { number, percent } from '../../spelling/numbers.js'

/** Runs in the page: moves a limit by its slider, and says at once who would be refused. */
interface Limits {
  readonly limits: readonly number[]
  readonly refused: readonly number[]
  readonly requests: readonly number[]
  readonly clients: number
  readonly allRequests: number
  readonly present: number
}

function follow(figure: Element, data: Limits): void {
  const slider = figure.querySelector('input')
  const output = figure.querySelector('output')
  const button = figure.querySelector('button')
  const chosen = figure.querySelector('.chosen')
  const choice = figure.querySelector<SVGPathElement>('.choice')
  const bars = [...figure.querySelectorAll('.bars rect')]
  if (slider === null || output === null || button === null || chosen === null || choice === null) return

  const show = (): void => {
    const at = slider.valueAsNumber
    const limit = number(data.limits[at] ?? 0)
    const refused = data.refused[at] ?? 0
    const share = document.createElement('strong')
    share.textContent = percent(refused / Math.max(1, data.clients))
    const of = `${number(refused)} of ${number(data.clients)}`
    const sent = percent((data.requests[at] ?? 0) / Math.max(1, data.allRequests))
    output.replaceChildren(share, ` of clients refused at least once: ${of}. They sent ${sent} of the requests.`)
    slider.setAttribute('aria-valuetext', `${limit}: ${share.textContent} of clients refused`)
    chosen.textContent = limit
    button.hidden = at === data.present
    for (const [i, bar] of bars.entries()) bar.setAttribute('class', i > at ? 'refused' : 'passed')
    const { first = '0', step = '0' } = choice.dataset
    choice.setAttribute('transform', `translate(${Number(first) + at * Number(step)})`)
  }
  slider.addEventListener('input', show)
  button.addEventListener('click', () => {
    slider.valueAsNumber = data.present
    slider.focus()
    show()
  })
  // A browser may bring back where the slider was before the page was loaded anew.
  show()
}

const limits: Readonly<Record<string, Limits>> = JSON.parse(document.getElementById('limits')?.textContent ?? '{}')
for (const figure of document.querySelectorAll<HTMLElement>('.moved')) {
  const data = limits[figure.dataset.of ?? '']
  if (data) follow(figure, data)
}
