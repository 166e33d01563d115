/** Programs that tests need and npm does not have: found in PATH, or installed on a Debian machine of one's own. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'

/** Where Debian asks whether a package that is being installed may start its service. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d'

/** Whether a program is in PATH. */
export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0
}

/**
 * Installs the Debian package where its program is missing and this process may, without starting the package's
 * service. Elsewhere it does nothing: whoever needs the program says how to get it.
 */
export function installMissing(program: string, debianPackage: string): void {
  const mayInstall = existsSync('/etc/debian_version') && process.getuid?.() === 0
  if (!mayInstall || isInstalled(program)) return

  const policyIsOurs = !existsSync(SERVICE_POLICY)
  if (policyIsOurs) writeFileSync(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    apt('update')
    apt('install', '--yes', '--no-install-recommends', debianPackage)
  } finally {
    if (policyIsOurs) rmSync(SERVICE_POLICY)
  }
}

function apt(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
}
