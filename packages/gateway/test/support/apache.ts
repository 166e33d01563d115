import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LoggingServer } from './logging-server.js'
import { CLIENT, UP } from './logging-server.js'

const MODULES = '/usr/lib/apache2/modules'

/**
 * An Apache httpd that hands targets on as they came, and logs in its `combined` format what the upstream answered: not
 * its own refusals, which are pages.
 */
export const APACHE: LoggingServer = {
  program: 'apache2',
  debianPackage: 'apache2-bin',
  refusesMalformed: true,
  changes: /\\|%00/,
  stop: 'SIGTERM',
  configure({ port, folder, upstream }) {
    const logs = { combined: join(folder, 'combined.log') }
    const file = join(folder, 'apache.conf')
    const modules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'remoteip', 'rewrite']
    writeFileSync(
      file,
      `
${modules.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
ServerName 127.0.0.1
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/error.log
Listen 127.0.0.1:${port}
AllowEncodedSlashes NoDecode
MergeSlashes Off
RemoteIPHeader ${CLIENT}
RemoteIPInternalProxy 127.0.0.1
RewriteEngine On
RewriteRule ^${UP}$ - [R=204,L]
ProxyPass ${UP} !
ProxyPass / ${upstream}/ nocanon
LogFormat "%a %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
CustomLog ${logs.combined} combined "expr=%{REQUEST_URI} != '${UP}' && resp('Content-Type') !~ m#^text/html#"
`,
    )
    return { args: ['-f', file, '-D', 'FOREGROUND'], logs }
  },
}
