import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../packages/gateway/package.json' with { type: 'json' }

const log = fileURLToPath(new URL('fixtures/access-log-2015.log.gz', import.meta.url))
const command = fileURLToPath(new URL(`../packages/gateway/${manifest.bin.spillway}`, import.meta.url))

describe('the built command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-'))
  beforeAll(() => {
    writeFileSync(join(folder, 'policy.yaml'), 'rules:\n  - { path: /**, quotas: 10/minute }\n')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function run(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' })
    return { status, stdout, stderr }
  }

  it('is a program', () => {
    expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
    expect(statSync(command).mode & 0o111).not.toBe(0)
  })

  it('tells the version of the package', () => {
    expect(run('--version')).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' })
  })

  it('has the schema of the policy file beside it', () => {
    const schema = manifest.exports['./policy.schema.json']
    const built = readFileSync(new URL(`../packages/gateway/${schema}`, import.meta.url), 'utf8')
    expect(built).toBe(readFileSync(new URL('../spec/policy.schema.json', import.meta.url), 'utf8'))
  })

  it('writes a policy and finds no fault in it', () => {
    expect(run('init')).toMatchObject({ status: 0, stderr: '' })
    expect(run('check', '--strict')).toMatchObject({ status: 0, stderr: '' })
    expect(run('check', 'none.yaml')).toMatchObject({ status: 1, stdout: '' })
    expect(run('chekc')).toMatchObject({ status: 2, stdout: '' })
  })

  it('replays a log', () => {
    const { status, stdout } = run('replay', log, '--policy', 'policy.yaml')
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('9,999 requests of 1,753') })
  })

  it('ends in order where nobody reads on, and says no more than that a line is no request', () => {
    const piped = `exec 3>&1; { '${command}' replay '${log}' --policy policy.yaml --format combined; echo "$?" >&3; } | true`
    const { stdout, stderr } = spawnSync('sh', ['-c', piped], { cwd: folder, encoding: 'utf8' })
    expect(stdout).toBe('0\n')
    expect(stderr).toMatch(/^1 line is no request:\n.*:8899: .*\n$/)
  })
})
