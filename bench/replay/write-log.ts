import { closeSync, openSync, writeSync } from 'node:fs'
import { randomNumbers, zipfRanks } from '../lib/names.js'

const CLIENTS = 100_000
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** Requests in a second of the log. */
const RATE = 500

const PATHS = [
  '/',
  '/login',
  '/search?q=',
  '/users/',
  '/static/app.js',
  '/api/towns?page=',
  '/api/orders/',
  '/blog/2015/',
]
const AGENTS = Array.from(
  { length: 200 },
  (_, i) =>
    `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${i}.0.1700.77 Safari/537.36`,
)

/**
 * Writes a log of so many lines of Combined, about 210 bytes each: 100,000 clients by Zipf's law, the same each time.
 * Gives its bytes.
 */
export function writeLog(file: string, lines: number): number {
  const random = randomNumbers(7)
  const rank = zipfRanks(CLIENTS, random)
  const pick = (count: number) => Math.floor(random() * count)
  const out = openSync(file, 'w')
  let bytes = 0
  try {
    for (let done = 0; done < lines; done += 20_000) {
      const text: string[] = []
      for (let i = done; i < Math.min(lines, done + 20_000); i++) text.push(line(i, rank(), pick))
      bytes += writeSync(out, text.join(''))
    }
  } finally {
    closeSync(out)
  }
  return bytes
}

function line(i: number, client: number, pick: (count: number) => number): string {
  const address = `10.${client >> 16}.${(client >> 8) & 255}.${client & 255}`
  const path = PATHS[pick(PATHS.length)] as string
  const target = /[/=]$/.test(path) && path !== '/' ? `${path}${pick(500)}` : path
  const method = path === '/login' ? 'POST' : 'GET'
  const status = pick(20) === 0 ? 404 : 200
  return `${address} - - [${moment(i)} +0000] "${method} ${target} HTTP/1.1" ${status} ${pick(50_000)} "https://www.example.com/" "${AGENTS[(client * 31) % AGENTS.length]}"\n`
}

function moment(i: number): string {
  const at = new Date(Date.UTC(2026, 0, 1) + Math.floor(i / RATE) * 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
  return `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}:${time}`
}
