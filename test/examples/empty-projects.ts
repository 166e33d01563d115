import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { transformSync } from 'esbuild'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error']
/** What is done at once: npm waits for the registry as much as it works. */
const AT_ONCE = 3

/** An example, and the packages that its project has besides the library. */
interface Example {
  readonly example: string
  readonly packages: readonly string[]
}

/** A project of its own for each example, with the library as it is published. */
export interface Projects {
  readonly folder: string
  /** The folder of a project, once it is installed. */
  installed(name: string): Promise<string>
}

/**
 * Packs the library, and begins to install it with an example's packages, in the versions that the workspace has, for
 * each in an empty project. The examples are there as JavaScript.
 */
export function emptyProjects(examples: Readonly<Record<string, Example>>): Projects {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-'))
  const tarball = pack(folder)
  const coming = new Map<string, Promise<string>>()
  const waiting = Object.entries(examples)
  for (const [i, [name, example]] of waiting.entries()) {
    const before = coming.get(waiting[i - AT_ONCE]?.[0] ?? '')
    const started = async () => install(join(folder, name.replaceAll(' ', '-')), tarball, example)
    const project = before === undefined ? started() : before.then(started, started)
    // Whoever asks for it hears of a failure.
    project.catch(() => undefined)
    coming.set(name, project)
  }
  return {
    folder,
    installed: (name) => coming.get(name) ?? Promise.reject(new RangeError(`there is no project ${name}`)),
  }
}

function pack(folder: string): string {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, '-w', 'spillway']
  const packed = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return join(folder, JSON.parse(packed)[0].filename)
}

async function install(project: string, tarball: string, { example, packages }: Example): Promise<string> {
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const source = join(ROOT, 'examples', example)
  for (const file of readdirSync(source)) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
    writeFileSync(join(project, file.replace(/ts$/, 'js')), javaScript(readFileSync(join(source, file), 'utf8')))
  }
  await promisify(execFile)('npm', [...INSTALL, tarball, ...packages.map(withVersion)], { cwd: project })
  return project
}

/** Decorators as Nest has them: no other example has any. */
function javaScript(source: string): string {
  const tsconfigRaw = { compilerOptions: { experimentalDecorators: true } }
  return transformSync(source, { loader: 'ts', format: 'esm', target: 'node20', tsconfigRaw }).code
}

function withVersion(name: string): string {
  if (name.lastIndexOf('@') > 0) return name
  return `${name}@${JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version}`
}
