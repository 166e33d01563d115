/** Why a gateway could not start, and what to do, in one sentence. Throws what is not a fault of its surroundings. */
export function startFault(error: unknown): string {
  if (!(error instanceof Error)) throw error
  const { code, message, address, port, path } = error as NodeJS.ErrnoException & { address?: string; port?: number }
  const where = port === undefined ? address : `${address?.includes(':') ? `[${address}]` : address}:${port}`
  switch (code) {
    case 'EADDRINUSE':
      return `${where} is in use by another process: stop that one, or choose another address (\`listen\`, \`admin.listen\`, or --port)`
    case 'EADDRNOTAVAIL':
      return `${where} is no address of this machine: correct \`listen\` or \`admin.listen\``
    case 'EACCES':
      return path === undefined
        ? `${where} may not be used by this user: ports below 1024 are for the administrator, so choose a higher one`
        : `${path} may not be read by this user`
    case 'ENOTFOUND':
      return `the name in \`listen\` or \`admin.listen\` has no address: ${message}`
    case 'ENOENT':
      return `there is no file ${path}: correct its name in the policy (relative names start from the policy's folder)`
    default:
      return message
  }
}
