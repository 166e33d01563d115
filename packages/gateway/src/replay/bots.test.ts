import crawlers from 'crawler-user-agents'
import { expect, test } from 'vitest'
import { botName } from './bots.js'

/** What the patterns begin with that take text of any length. */
const OPEN_ENDED = ['BlogTraffic', 'ContextualBot', 'Current', 'Spider']

test('every user agent that the list gives as an example is a bot, as a search with all of its patterns says', () => {
  const patterns = crawlers.map(({ pattern }) => new RegExp(pattern))
  const missed = crawlers
    .flatMap(({ instances }) => instances)
    .filter((agent) => agent.length <= 512)
    .filter((agent) => {
      const found = patterns
        .find((pattern) => pattern.test(agent))
        ?.exec(agent)?.[0]
        .replace(/^\W+|\W+$/g, '')
      const name = botName(agent)
      return name !== found && !OPEN_ENDED.some((start) => start === name && found?.startsWith(start))
    })

  expect(missed).toEqual([])
})

test.each([
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Googlebot'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36', undefined],
  ['', undefined],
  ['Mozilla/5.0 (compatible; ContextualBot/1.0; nth 7; +https://outcomes.net/bot)', 'ContextualBot'],
  ['BlogTraffic/1.4711 Feed-Fetcher', 'BlogTraffic'],
])('%s is %s', (agent, name) => {
  expect(botName(agent)).toBe(name)
})

test('no client can make up a name: there are as many as the list has entries, or hardly more', () => {
  const agents = crawlers.flatMap(({ instances }) =>
    instances.flatMap((agent) => [agent, agent.replace(/ /g, ' 7 '), agent.replace(/\d/g, '78')]),
  )
  expect(new Set(agents.map(botName)).size).toBeLessThanOrEqual(1.2 * crawlers.length)
  const made = Array.from({ length: 1_000 }, (_, nth) => botName(`ContextualBot ${nth} outcomes.net`))
  expect(new Set(made)).toEqual(new Set(['ContextualBot']))
})

test('a user agent made to be slow is not', () => {
  const started = performance.now()
  for (let i = 0; i < 100; i++) botName(`${i}${'aaaaaaaaaaGooglebo '.repeat(5_000)}`)
  expect(performance.now() - started).toBeLessThan(5_000)
})
