import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { buildImage, stages } from './deploy/image.js'
import { installMissing, isInstalled } from './support/debian-package.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const at = (...path: string[]): string => join(ROOT, ...path)
/** Long enough for check --strict, which warns of one that can be guessed. */
const TOKEN = '0123456789abcdef0123456789abcdef'

describe('the alert rules', () => {
  beforeAll(() => installMissing('promtool', 'prometheus'))
  const promtool = (...args: string[]) =>
    execFileSync('promtool', args, { cwd: at('deploy/prometheus'), encoding: 'utf8', stdio: 'pipe' })

  it('are loaded by a configuration that Prometheus takes', () => {
    expect(promtool('check', 'config', 'prometheus.yml')).toContain('SUCCESS')
  })

  it('fire when they should, and not before', () => {
    expect(promtool('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS')
  })

  it('all have a test', () => {
    const { groups } = parse(readFileSync(at('deploy/prometheus/alerts.yml'), 'utf8'))
    const alerts = groups.flatMap(({ rules }: { rules: { alert: string }[] }) => rules.map(({ alert }) => alert))
    expect(alerts.length).toBeGreaterThan(0)
    const tests = readFileSync(at('deploy/prometheus/alerts.test.yml'), 'utf8')
    for (const alert of alerts) expect(tests).toContain(`alertname: ${alert}\n`)
  })
})

describe('compose.yaml', () => {
  beforeAll(() => installMissing('docker-compose', 'docker-compose'))
  const config = (env: NodeJS.ProcessEnv) =>
    spawnSync('docker-compose', ['config'], { cwd: ROOT, encoding: 'utf8', env: { PATH: process.env.PATH, ...env } })

  it('is what Compose takes, publishes on loopback alone, and mounts what is there', () => {
    const { status, stdout, stderr } = config({ SPILLWAY_ADMIN_TOKEN: TOKEN, VALKEY_PASSWORD: 'password' })
    expect({ status, stderr }).toMatchObject({ status: 0 })
    const services: { ports?: string[]; volumes?: string[] }[] = Object.values(parse(stdout).services)
    expect(services).toHaveLength(5)
    for (const { ports = [], volumes = [] } of services) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
      const mounted = volumes.map((volume) => volume.split(':')[0] as string).filter((path) => path.startsWith('/'))
      expect(mounted.filter((path) => !existsSync(path))).toEqual([])
    }
  })

  it.each(['SPILLWAY_ADMIN_TOKEN', 'VALKEY_PASSWORD'])('does not start without %s', (name) => {
    const { status, stderr } = config({ SPILLWAY_ADMIN_TOKEN: TOKEN, VALKEY_PASSWORD: 'password', [name]: undefined })
    expect(status).not.toBe(0)
    expect(stderr).toContain(name)
  })

  it('runs a policy without a fault or a warning', () => {
    const env = {
      ...process.env,
      SPILLWAY_ADMIN_TOKEN: TOKEN,
      SPILLWAY_STORE: 'redis://:password@valkey:6379',
      UPSTREAM: 'http://upstream:3000',
    }
    const check = spawnSync(
      at('packages/gateway/bin/spillway.js'),
      ['check', '--strict', at('deploy/compose/spillway.yaml')],
      {
        env,
        encoding: 'utf8',
      },
    )
    expect(check).toMatchObject({ status: 0, stderr: '' })
  })
})

describe.runIf(isInstalled('kubectl'))('deploy/kustomize', () => {
  const build = (name: string) =>
    parseAllDocuments(execFileSync('kubectl', ['kustomize', at('deploy/kustomize', name)], { encoding: 'utf8' })).map(
      (document) => document.toJS(),
    )

  it.each(['base', 'valkey'])('%s builds, and every container is unprivileged', (name) => {
    const pods = build(name).filter(({ kind }) => kind === 'Deployment')
    expect(pods.length).toBeGreaterThan(0)
    for (const { spec } of pods) {
      expect(spec.template.spec.securityContext).toMatchObject({ runAsNonRoot: true })
      for (const { securityContext } of spec.template.spec.containers) {
        expect(securityContext).toMatchObject({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true })
      }
    }
  })

  it('sends every service to pods that are there', () => {
    const documents = build('valkey')
    const labels = documents
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ spec }) => spec.template.metadata.labels)
    for (const { kind, spec } of documents) {
      if (kind === 'Service') expect(labels).toContainEqual(expect.objectContaining(spec.selector))
    }
  })

  it('has policies without a fault', () => {
    const [{ data }] = build('base').filter(({ kind }) => kind === 'ConfigMap')
    const env = { ...process.env, UPSTREAM: 'http://127.0.0.1:1', SPILLWAY_ADMIN_TOKEN: TOKEN }
    const bin = at('packages/gateway/bin/spillway.js')
    const folder = mkdtempSync(join(tmpdir(), 'spillway-'))
    const file = join(folder, 'spillway.yaml')
    writeFileSync(file, data['spillway.yaml'])
    expect(spawnSync(bin, ['check', file], { env, encoding: 'utf8' })).toMatchObject({ status: 0 })
    rmSync(folder, { recursive: true })
  })
})

describe('the image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-image-'))
  const image = join(folder, 'image')
  const entry = join(image, 'app/node_modules/spillway-gateway/bin/spillway.js')
  beforeAll(() => buildImage(folder), 300_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('has the command that the Dockerfile starts, and runs as nobody in particular', () => {
    const final = new Map(stages()[1])
    expect(final.get('USER')).toBe('node')
    expect(JSON.parse(final.get('ENTRYPOINT') as string)).toEqual(['node', entry.slice(image.length)])
    expect(existsSync(entry)).toBe(true)
  })

  it('starts on its policy, is healthy, and answers the health check once it is not', async () => {
    const policy = readFileSync(join(image, 'etc/spillway/spillway.yaml'), 'utf8')
    const file = join(folder, 'spillway.yaml')
    writeFileSync(file, policy.replace(/0\.0\.0\.0:(8080|9090)/g, '127.0.0.1:0'))
    const env = {
      ...process.env,
      SPILLWAY_ADMIN_TOKEN: TOKEN,
      SPILLWAY_STORE: 'memory',
      UPSTREAM: 'http://127.0.0.1:1',
    }
    const gateway = spawn(process.execPath, [entry, 'serve', file], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    const admin = await adminUrl(gateway.stdout)
    const healthy = () =>
      promisify(execFile)(process.execPath, [join(image, 'app/healthy.js')], {
        env: { ...process.env, SPILLWAY_HEALTH_URL: `${admin}/healthz` },
      })

    await expect(healthy()).resolves.toBeDefined()
    gateway.kill('SIGTERM')
    expect(await once(gateway, 'exit')).toEqual([0, null])
    await expect(healthy()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('does not answer') })
  })
})

async function adminUrl(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const [, url] = /^spillway admin on (\S+)/.exec(line) ?? []
    if (url !== undefined) return url
  }
  throw new Error('the gateway ended before its admin listener was there')
}
