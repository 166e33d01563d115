import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import gateway from '../packages/gateway/package.json' with { type: 'json' }
import library from '../packages/spillway/package.json' with { type: 'json' }
import build from '../packages/spillway/tsdown.config.js'
import sizes from '../scripts/size.json' with { type: 'json' }
import types from '../tsconfig.base.json' with { type: 'json' }

const subpaths = Object.keys(library.exports).filter((subpath) => subpath !== './package.json')
const names = subpaths.map((subpath) => subpath.replace('.', 'spillway')).sort()

/** Where CommonJS gets a file of its own. */
const REQUIRED = 'testing-required'

/** Lists of what a module imports from another: of a class perhaps its type alone. */
function importsFrom(name: string): RegExp {
  return new RegExp(`import (?:type )?\\{([^}]*)\\} from '${name}'`, 'g')
}

describe('the entry points of the library', () => {
  it('are built, each from the source that the type checker reads for it', () => {
    const { entry } = build as { entry: Record<string, string> }
    const built = Object.entries(entry)
      .filter(([name]) => name !== REQUIRED)
      .map(([name, source]) => [name === 'index' ? 'spillway' : `spillway/${name}`, [`./packages/spillway/${source}`]])
    const { 'spillway-gateway': _, ...checked } = types.compilerOptions.paths
    expect(Object.fromEntries(built)).toEqual(checked)
    expect(Object.keys(checked).sort()).toEqual(names)
  })

  it('point at the file that is built for them', () => {
    for (const [subpath, file] of Object.entries(library.exports)) {
      if (subpath === './package.json') continue
      const imported = typeof file === 'string' ? file : file.default
      expect(imported).toBe(`./dist/${subpath === '.' ? 'index' : subpath.slice(2)}.js`)
    }
  })

  it('give CommonJS the same names where it gets a file of its own', async () => {
    expect(library.exports['./testing'].require.default).toBe(`./dist/${REQUIRED}.js`)
    const required = await import('../packages/spillway/src/testing/required.js')
    expect(Object.keys(required).sort()).toEqual(Object.keys(await import('spillway/testing')).sort())
  })

  it('have every value that they export in the type tests', async () => {
    const folder = new URL('../packages/spillway/test/types/', import.meta.url)
    const used = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'))
    const untested: string[] = []
    for (const name of names) {
      const imports = used.flatMap((source) => [...source.matchAll(importsFrom(name))].map(([, list]) => list ?? ''))
      const imported = imports.flatMap((list) => list.split(',').map((each) => each.trim().split(' ')[0]))
      const exported = Object.keys(await import(name))
      untested.push(...exported.filter((each) => !imported.includes(each)).map((each) => `${each} of ${name}`))
    }
    expect(untested).toEqual([])
  })

  it('have a limit on their size', () => {
    expect(Object.keys(sizes).sort()).toEqual(names)
  })
})

describe('the two packages', () => {
  it('have one version, and the gateway asks for exactly that of the library', () => {
    expect(gateway.version).toBe(library.version)
    expect(gateway.dependencies.spillway).toBe(library.version)
  })
})
