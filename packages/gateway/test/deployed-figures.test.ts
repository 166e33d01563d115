import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import { parsePolicy } from 'spillway'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { startGateway } from '../src/serve/start-gateway.js'

const deployed = (path: string): string => readFileSync(new URL(`../../../deploy/${path}`, import.meta.url), 'utf8')

/** Every metric in an expression of the dashboard or of an alert rule, without what a histogram adds. */
function namedFigures(): string[] {
  const expressions: string[] = []
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, each] of Object.entries(value)) {
      if ((key === 'expr' || key === 'query') && typeof each === 'string') expressions.push(each)
      else collect(each)
    }
  }
  collect(parse(deployed('prometheus/alerts.yml')))
  collect(JSON.parse(deployed('grafana/dashboards/spillway.json')))
  expect(expressions.length).toBeGreaterThan(20)
  const names = expressions.flatMap((each) => each.match(/\b(spillway|process|nodejs)_\w+/g) ?? [])
  return [...new Set(names.map((name) => name.replace(/_bucket$/, '')))]
}

/** What a running gateway tells of itself. */
async function scraped(store: string): Promise<string[]> {
  const policy = parsePolicy({
    listen: '127.0.0.1:0',
    upstream: 'http://127.0.0.1:1',
    admin: { listen: '127.0.0.1:0' },
    store,
    rules: [{ path: '/**', quotas: '5/minute' }],
  })
  const gateway = await startGateway(policy, { log: pino({ level: 'silent' }) })
  try {
    const text = await (await fetch(`${gateway.admin?.url}/metrics`)).text()
    return [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name as string)
  } finally {
    await gateway.stop()
  }
}

describe('the figures that alert rules and dashboard name', () => {
  it('are those of a running gateway, with counts in memory or in Redis, and its page names all of these', async () => {
    // Nobody is behind that port: what is counted must not hang on it.
    const there = new Set([...(await scraped('memory')), ...(await scraped('redis://127.0.0.1:1'))])
    expect(namedFigures().filter((name) => !there.has(name))).toEqual([])

    const page = readFileSync(new URL('../../../docs/gateway.md', import.meta.url), 'utf8')
    const ours = [...there].filter((name) => name.startsWith('spillway_'))
    expect(ours.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([])
  })
})
