import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installMissing } from './support/debian-package.js'

const COMMAND = fileURLToPath(new URL('../packages/gateway/bin/spillway.js', import.meta.url))
const REAL_LOG = fileURLToPath(new URL('fixtures/access-log-2015.log.gz', import.meta.url))
const HOSTILE = '<script>document.title=`owned`</script><img src=x onerror=alert(1)>\u202egpj'

const POLICY = `rules:
  - { name: feeds, path: /blog/**, quotas: [5/10s, 60/hour] }
  - { name: rest, path: /**, quotas: 10/minute, block: 1m }
`

const folder = mkdtempSync(join(tmpdir(), 'spillway-report-'))
let browser: Browser

beforeAll(async () => {
  installMissing('chromium', 'chromium')
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  writeFileSync(join(folder, 'policy.yaml'), POLICY)
  writeFileSync(join(folder, 'strict.yaml'), POLICY.replace('10/minute', '5/minute'))
  report('report.html', [REAL_LOG, '--compare', 'strict.yaml'])
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true })
})

/** Runs the built command; what it printed as JSON. */
function report(name: string, args: readonly string[], policy = 'policy.yaml') {
  const options = ['--policy', policy, '--report', name, '--json']
  const stdio = ['ignore', 'pipe', 'pipe'] as const
  const out = execFileSync(COMMAND, ['replay', ...args, ...options], {
    cwd: folder,
    encoding: 'utf8',
    stdio: [...stdio],
    maxBuffer: 2 ** 27,
  })
  return JSON.parse(out)
}

/** Opens a report; `complaints` are what the browser says of it, and what it asks of anybody. */
async function opened(name: string, options: BrowserContextOptions = {}) {
  const page = await (await browser.newContext(options)).newPage()
  const complaints: string[] = []
  page.on('console', (message) => void complaints.push(message.text()))
  page.on('pageerror', (error) => void complaints.push(error.message))
  page.on('dialog', (dialog) => void complaints.push(dialog.message()))
  page.on('request', (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(request.url())
  })
  await page.goto(pathToFileURL(join(folder, name)).href)
  return { page, complaints }
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`)
}

/** A combined line at a second of the 1st of May 2026. */
function line(second: number, address: string, target: string): string {
  const time = new Date(second * 1000).toISOString().slice(11, 19)
  return `${address} - - [01/May/2026:${time} +0000] "GET ${target} HTTP/1.1" 200 1 "-" "curl/8"\n`
}

describe('the page of a replay, in a browser', () => {
  it.each(['light', 'dark'] as const)('has nothing that axe finds fault with, %s', async (colorScheme) => {
    const { page, complaints } = await opened('report.html', { colorScheme })
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true
    })
    expect(await violations(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('asks nobody for anything, and lets nothing else run', async () => {
    const { page, complaints } = await opened('report.html')
    expect(complaints).toEqual([])
    await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'document.title = "ran"'
      document.body.append(script, Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:9/' }))
    })
    await expect.poll(() => complaints.filter((text) => text.includes('Content Security Policy')).length).toBe(2)
    expect(await page.title()).toBe('Replay of policy.yaml')
    await page.context().close()
  })

  it('says in its headline how many would have been refused', async () => {
    const { refused, clients } = report('same.html', [REAL_LOG])
    const { page } = await opened('report.html')
    expect(refused.clients).toBeGreaterThan(0)
    expect(await page.locator('h1').textContent()).toContain(
      `${refused.clients} of ${clients.toLocaleString('en')} clients`,
    )
    await page.context().close()
  })

  it('moves a limit by keyboard, and says at once what share a replay with that limit would refuse', async () => {
    const { page } = await opened('report.html')
    const { rules } = report('five.html', [REAL_LOG], 'strict.yaml')
    const slider = page.getByRole('slider').nth(2)
    const share = page.locator('.moved output').nth(2)
    const before = await share.textContent()

    await slider.focus()
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft')
    expect(await share.textContent()).not.toBe(before)
    expect(await share.textContent()).toContain(
      `: ${rules[1].refusedClients} of ${rules[1].clients.toLocaleString('en')}.`,
    )
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^5: [\d.]+ % of clients refused$/)

    await page.getByRole('button', { name: 'Back to 10' }).click()
    expect(await share.textContent()).toBe(before)
    await page.keyboard.press('End')
    expect(await share.textContent()).toMatch(/^0\.0 % .*: 0 of /)
    await page.context().close()
  })

  it('is as wide as a telephone, and no wider', async () => {
    const { page } = await opened('report.html', { viewport: { width: 360, height: 740 } })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    await page.context().close()
  })

  it.each([
    ['on a screen', 'screen', 1400],
    ['on paper', 'print', 720],
  ] as const)('shows every column of every table %s, and no address in two parts', async (_, media, width) => {
    const { page } = await opened('report.html', { viewport: { width, height: 900 } })
    await page.emulateMedia({ media })
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('section > .scroll, .columns .scroll')].flatMap((each) => [
        ...(each.scrollWidth > each.clientWidth ? [each.getAttribute('aria-label')] : []),
        ...[...each.querySelectorAll('th.name')].flatMap(({ firstChild, textContent }) => {
          const range = document.createRange()
          if (firstChild === null || (textContent?.length ?? 0) > 23) return []
          range.selectNode(firstChild)
          return range.getClientRects().length > 1 ? [textContent] : []
        }),
      ]),
    )
    expect(cut).toEqual([])
    await page.context().close()
  })

  it('says of logs without a request that there is none, and names none', async () => {
    writeFileSync(join(folder, 'empty.log'), '')
    report('empty.html', ['empty.log'])
    const { page, complaints } = await opened('empty.html')
    expect(await page.locator('h1').textContent()).toBe('There is no request in these logs.')
    expect(await page.locator('.source').textContent()).toBe('Policy policy.yaml')
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('prints dark on white, without what only a screen can do', async () => {
    const { page } = await opened('report.html', { colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const colours = await page.evaluate(() =>
      [document.body, document.querySelector('h1')!].map((element) => {
        const { color, backgroundColor } = getComputedStyle(element)
        return [color, backgroundColor]
      }),
    )
    expect(colours).toEqual([
      ['rgb(23, 28, 36)', 'rgb(255, 255, 255)'],
      ['rgb(23, 28, 36)', 'rgba(0, 0, 0, 0)'],
    ])
    expect(await page.getByRole('slider').count()).toBe(0)
    expect(
      await page
        .locator('.scroll')
        .first()
        .evaluate((element) => getComputedStyle(element).maxHeight),
    ).toBe('none')
    await page.context().close()
  })

  it('shows names from a log, and its own, as text that does nothing', async () => {
    const address = `\u001b]0;owned\u0007${HOSTILE.replaceAll(' ', '')}.example`
    const hostile = Array.from({ length: 30 }, (_, second) =>
      line(second, address, `/${HOSTILE.replaceAll(' ', '%20')}`),
    )
    const log = `${HOSTILE.replaceAll('/', '')}.log`
    writeFileSync(join(folder, log), hostile.join('') + line(40, '203.0.113.7', '/'))
    report('hostile.html', [log, '--compare', 'strict.yaml'])

    const { page, complaints } = await opened('hostile.html')
    expect(complaints).toEqual([])
    expect(await page.title()).toBe('Replay of policy.yaml')
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.locator('#clients ~ .scroll tbody th').textContent()).toContain(
      '<script>document.title=`owned`</script>',
    )
    expect(await page.locator('body').textContent()).toContain('\\u{202e}gpj')
    expect(readFileSync(join(folder, 'hostile.html'), 'utf8').match(/[^\P{Cc}\n]|\u202e/gu)).toBeNull()
    await page.context().close()
  })
})

describe('the page of a large replay', () => {
  it('is below a megabyte and open within two seconds, whatever the number of rules, clients and paths', async () => {
    const rules = Array.from(
      { length: 200 },
      (_, i) => `  - { name: rule-number-${i}, path: /${i}/**, quotas: [3/minute, 20/hour, 1000/day] }`,
    )
    writeFileSync(join(folder, 'large.yaml'), `rules:\n${rules.join('\n')}\n`)
    const lines = Array.from({ length: 60_000 }, (_, i) => {
      const client = Math.floor(i / 30)
      return line(client, `10.0.${client >> 8}.${client & 255}`, `/${client % 200}/${'long-'.repeat(100)}${i % 5_000}`)
    })
    writeFileSync(join(folder, 'large.log'), lines.join(''))
    const { refused } = report('large.html', ['large.log', '--top', '10000'], 'large.yaml')

    expect(refused.clients).toBeGreaterThan(100)
    expect(statSync(join(folder, 'large.html')).size).toBeLessThan(1_000_000)
    const { page, complaints } = await opened('large.html')
    expect(complaints).toEqual([])
    expect(await page.getByText('have no charts here').count()).toBe(1)
    const loaded = await page.evaluate(() => performance.getEntriesByType('navigation')[0]?.toJSON().loadEventEnd)
    expect(loaded).toBeLessThan(2_000)
    await page.context().close()
  })
})
