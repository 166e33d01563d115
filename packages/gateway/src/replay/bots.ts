import crawlers from 'crawler-user-agents'

/** Longer user agents are read up to here. */
const LONGEST = 512

const patterns = crawlers.map(({ pattern }) => new RegExp(pattern))
const any = new RegExp(crawlers.map(({ pattern }) => `(?:${pattern})`).join('|'))

/** What a known bot is called (`Googlebot`), by the list of `crawler-user-agents`; absent for a user agent that is none. */
export function botName(userAgent: string): string | undefined {
  const text = userAgent.slice(0, LONGEST)
  if (!any.test(text)) return undefined
  const pattern = patterns.find((each) => each.test(text))
  return pattern && (pattern.exec(text)?.[0] ?? pattern.source).replace(/\W+$/, '')
}
