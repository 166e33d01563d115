import crawlers from 'crawler-user-agents'
import { expect, test } from 'vitest'
import { botName } from './bots.js'

test('every user agent that the list gives as an example is a bot, as a search with all of its patterns says', () => {
  const patterns = crawlers.map(({ pattern }) => new RegExp(pattern))
  const missed = crawlers
    .flatMap(({ instances }) => instances)
    .filter((agent) => agent.length <= 512)
    .filter((agent) => {
      const first = patterns.find((pattern) => pattern.test(agent))
      return botName(agent) !== first?.exec(agent)?.[0].replace(/^\W+|\W+$/g, '')
    })

  expect(missed).toEqual([])
})

test.each([
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Googlebot'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36', undefined],
  ['', undefined],
])('%s is %s', (agent, name) => {
  expect(botName(agent)).toBe(name)
})

test('a user agent made to be slow is not', () => {
  const started = performance.now()
  for (let i = 0; i < 100; i++) botName(`${i}${'aaaaaaaaaaGooglebo '.repeat(5_000)}`)
  expect(performance.now() - started).toBeLessThan(5_000)
})
