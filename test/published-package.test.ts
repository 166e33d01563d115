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

/** The other packages that the import of an entry loads, of those that the library itself names. */
function packagesLoadedBy(entry: string): string[] {
  writeFileSync(join(folder, 'loaded.txt'), '')
  writeFileSync(
    join(folder, 'hooks.mjs'),
    `import { appendFileSync } from 'node:fs'
    export function resolve(specifier, context, next) {
      const ours = context.parentURL?.includes('/node_modules/spillway/')
      if (ours && !/^(\\.|node:)/.test(specifier)) appendFileSync('loaded.txt', specifier + '\\n')
      return next(specifier, context)
    }`,
  )
  run(`
    import { register } from 'node:module'
    register('./hooks.mjs', import.meta.url)
    await import('${entry}')
  `)
  const loaded = readFileSync(join(folder, 'loaded.txt'), 'utf8').split('\n')
  return [...new Set(loaded)].filter((name) => name !== '').sort()
}

/** The package's own files that one of them imports. */
function filesImportedBy(file: string): string[] {
  const imports = readFileSync(join(installed, file), 'utf8').matchAll(/(?:from |import\()["'](\..*?)["']/g)
  return [...imports].map(([, imported = '']) => {
    const meant = file.endsWith('.d.ts') ? imported.replace(/\.js$/, '.d.ts') : imported
    return join(dirname(file), meant)
  })
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

  it.each(subpaths)('is required by CommonJS as %s, with the same names', (subpath) => {
    writeFileSync(
      join(folder, 'script.cjs'),
      `console.log(Object.keys(require('spillway${subpath.slice(1)}')).sort().join())`,
    )
    const required = execFileSync(process.execPath, ['script.cjs'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
    const imported = run(`console.log(Object.keys(await import('spillway${subpath.slice(1)}')).sort().join())`)
    expect(required.replace('module.exports,', '')).toBe(imported)
  })

  it('refuses to run a suite that was required, and says why', () => {
    const script = `try { require('spillway/testing').storeSuite() } catch (error) { console.log(error.message) }`
    writeFileSync(join(folder, 'script.cjs'), script)
    expect(execFileSync(process.execPath, ['script.cjs'], { cwd: folder, encoding: 'utf8' })).toContain('import them')
  })

  it.each([
    ['express', []],
    ['fastify', []],
    ['koa', []],
    ['hono', []],
    ['fetch', []],
    ['node', []],
    ['graphql', ['graphql']],
    ['ws', []],
    ['trpc', ['@trpc/server', '@trpc/server/http']],
    ['nest', ['@nestjs/common', '@nestjs/core']],
  ])('loads no framework but its own as spillway/%s, nor the expression engine', (adapter, packages) => {
    expect(packagesLoadedBy(`spillway/${adapter}`)).toEqual(packages)
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
    for (const exported of Object.values(library.exports)) {
      const file = typeof exported === 'string' ? exported : exported.default
      if (file.endsWith('.json')) continue
      expect(readFileSync(join(installed, file.replace(/\.js$/, '.d.ts')), 'utf8')).toContain('export')
    }
  })

  it('has every file that one of its files imports', () => {
    const imported = files.filter((file) => /\.(js|d\.ts)$/.test(file)).flatMap(filesImportedBy)
    expect(imported.length).toBeGreaterThan(subpaths.length)
    expect(imported.filter((file) => !files.includes(file))).toEqual([])
  })
})
