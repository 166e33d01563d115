/** The head of an answer as it goes on the wire: its status line, and header names and values in turn (RFC 9112, 2.1). */
export function headText(statusLine: string, headers: readonly string[]): string {
  const lines = [`HTTP/1.1 ${statusLine}`]
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}
