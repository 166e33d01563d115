import type { DeniedContent, Policy } from 'spillway'

/** For a guard whose denials nobody is sent: it gets no content where `denied.body` is a file, which is not read. */
export function unreadBody({ denied: { body } }: Policy): { readonly deniedContent?: DeniedContent } {
  return typeof body === 'object' ? { deniedContent: { content: '', contentType: body.contentType } } : {}
}
