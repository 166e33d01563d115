import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import library from '../packages/spillway/package.json' with { type: 'json' }

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'spillway-'))
const installed = join(folder, 'node_modules', 'spillway')

/** Unpacks the tarball and links what it depends on: an installation that needs no network. */
function install(): string[] {
  const packed = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, '-w', 'spillway'],
    {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  const [{ filename, files }] = JSON.parse(packed)

  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', installed, '--strip-components=1'])
  for (const dependency of Object.keys({ ...library.dependencies, ...library.peerDependencies })) link(dependency)
  return files.map(({ path }: { path: string }) => path)
}

function link(dependency: string): void {
  const places = [join(ROOT, 'packages/spillway/node_modules', dependency), join(ROOT, 'node_modules', dependency)]
  const place = join(folder, 'node_modules', dependency)
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(places.find((each) => existsSync(each)) as string, place, 'dir')
}

function run(script: string): string {
  writeFileSync(join(folder, 'script.mjs'), script)
  return execFileSync(process.execPath, ['script.mjs'], { cwd: folder, encoding: 'utf8' })
}

describe('the published library, in an empty folder', () => {
  let files: string[] = []
  beforeAll(() => {
    files = install()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const subpaths = Object.keys(library.exports).filter((subpath) => subpath !== './package.json')

  it.each(subpaths)('imports as %s, and exports something', (subpath) => {
    const names = run(`console.log(Object.keys(await import('spillway${subpath.slice(1)}')).join())`)
    expect(names.trim()).not.toBe('')
  })

  it('limits', () => {
    const kinds = run(`
      import { createLimiter, memoryStore } from 'spillway'
      const logins = createLimiter({ quotas: '2/minute', store: memoryStore() })
      for (let i = 0; i < 3; i++) console.log((await logins.charge('alice')).kind)
    `)
    expect(kinds.trim().split('\n')).toEqual(['allowed', 'allowed', 'denied'])
  })

  it('holds no tests and no sources', () => {
    expect(files.filter((file) => /\.test\.|^src\/|\.ts$(?<!\.d\.ts)/.test(file))).toEqual([])
    expect(files).toContain('LICENSE')
  })

  it('has types for every entry point', () => {
    for (const file of Object.values(library.exports)) {
      if (file.endsWith('.json')) continue
      expect(readFileSync(join(installed, file.replace(/\.js$/, '.d.ts')), 'utf8')).toContain('export')
    }
  })
})
