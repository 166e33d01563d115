import type { GroupOf, UserField } from '../replay/who.js'
import { commentText, scalar } from './rule-text.js'

/** More keys are not written into a policy. */
const MOST_KEYS = 100

/**
 * The `identity` of a policy for clients that are told apart as in the log. What a log knows of a user and a policy must
 * learn from a token is said in a comment.
 */
export function identityText(user: UserField | undefined, groups: GroupOf): string {
  const lines = ['identity:', ...sourceLines(user, groups), '  - ip: {}']
  return `${lines.join('\n')}\n`
}

function sourceLines(user: UserField | undefined, groups: GroupOf): string[] {
  switch (user?.by) {
    case undefined:
    case 'address':
      return [remark('Behind proxies of your own: ip: { trustedProxies: [10.0.0.0/8] }')]
    case 'header':
      return headerLines(user.name, groups)
    case 'remote-user':
      return [
        remark('The limits were fitted to the users that the log names. Say how a request tells who they are:'),
        `  # - jwt: { secret: "\${JWT_SECRET}", algorithms: [HS256], user: sub }`,
      ]
    case 'query':
      return [
        remark('The limits were fitted to a parameter of the query, which no policy reads. Have it sent in a header:'),
        '  # - header: { name: x-api-key, verified: true }',
      ]
  }
}

function headerLines(name: string, groups: GroupOf): string[] {
  if (groups.size > 0 && groups.size <= MOST_KEYS) {
    const known = [...groups].map(([key, group]) => `${JSON.stringify(key)}: ${scalar(group)}`)
    return [`  - header: { name: ${scalar(name)}, groups: { ${known.join(', ')} } }`]
  }
  return [
    remark('Whoever sends a new key has a fresh budget: something in front must check keys, or list them as `groups`.'),
    `  - header: { name: ${scalar(name)}, verified: true }`,
  ]
}

function remark(text: string): string {
  return commentText(text, '  ')
}
