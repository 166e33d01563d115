import { admin, listen, upstream } from './description-gateway.js'
import { identity } from './description-identity.js'
import type { RuleDescription } from './description-rule.js'
import { failurePolicy, partition, rules } from './description-rule.js'
import { store } from './description-store.js'
import type { Place } from './place.js'
import type { DeniedConfig, PartitionPart } from './policy.js'
import type { Shape } from './shape.js'
import { boolean, described, integer, made, oneOf, string } from './shape.js'
import { list, object, optional, union } from './shape-composite.js'
import { name } from './shape-text.js'

/** A layer as the file says it. */
export interface LayerDescription {
  readonly name?: string
  readonly partition?: readonly PartitionPart[]
  readonly rules: readonly RuleDescription[]
  readonly place: Place
}

const layerObject = object({
  name: optional(described(name(), 'Default names of its rules start with it. Default: layer-2 for the second.')),
  partition: optional(described(partition, 'The partition of its rules that do not say one.')),
  rules: described(rules, 'The first that matches applies.'),
})

const layers: Shape<readonly LayerDescription[]> = list(
  made(layerObject, (value, place) => ({ ...value, place })),
  { faulty: 'drop' },
)

const MEDIA_TYPE = {
  max: 256,
  pattern: /^[!-~]+\/[ -~]+$/,
  hint: 'must be a media type, such as text/html; charset=utf-8',
}

const denied: Shape<Partial<DeniedConfig>> = object({
  status: optional(described(integer({ min: 400, max: 599 }), 'Default: 429.')),
  body: optional(
    described(
      union(
        oneOf('problem', 'text'),
        object({
          file: described(string({ max: 4_096 }), 'A file with the body.'),
          contentType: described(string(MEDIA_TYPE), 'Its media type.'),
        }),
      ),
      'A problem document (RFC 9457, the default), plain text, or a file.',
    ),
  ),
  requestId: optional(
    described(boolean(), 'Whether the gateway tells the id of a refusal, in X-Request-Id. Default: false.'),
  ),
})

/** The whole policy file. */
export const policyFile = object({
  listen: optional(listen),
  upstream: optional(upstream),
  admin: optional(admin),
  store: optional(store),
  onStoreFailure: optional(failurePolicy),
  identity: optional(identity),
  anonymous: optional(
    described(
      oneOf('address', 'deny'),
      'A request that no source identifies: the address of its connection pays (default), or 401.',
    ),
  ),
  rules: optional(described(rules, 'The first whose path, method and group match applies.')),
  layers: optional(described(layers, 'Instead of rules, where several layers must all admit a request.')),
  strictPaths: optional(
    described(boolean(), 'Whether letter case and a trailing slash tell paths apart. Default: false.'),
  ),
  forwardRawPath: optional(
    described(boolean(), 'Whether the upstream gets the target as it came, not the normalised path. Default: false.'),
  ),
  denied: optional(described(denied, 'How a denial is answered.')),
  headers: optional(described(oneOf('draft', 'legacy', 'both', 'none'), 'Which header fields tell. Default: draft.')),
  $schema: optional(
    described(string({ max: 4_096 }), 'Where an editor finds the schema of this file. Read by nothing else.'),
  ),
})
