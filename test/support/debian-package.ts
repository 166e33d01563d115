/** Programs that tests need and npm does not have: found in PATH, or installed on a Debian machine of one's own. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** One installs at a time: tests run in several processes, and apt refuses a second one. */
const LOCK = '/var/lock/spillway-apt'

/** Debian asks the policy whether a package that is being installed may start its service. */
const INSTALL = `
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
apt-get update
apt-get install --yes --no-install-recommends "$1"
`

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
  execFileSync('flock', [LOCK, 'sh', '-e', '-c', INSTALL, 'sh', debianPackage], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
