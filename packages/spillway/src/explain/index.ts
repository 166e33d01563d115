/** The public subpath `spillway/explain`: why a request is answered as it is. */
export type { ExplainOptions } from './explain.js'
export { explain } from './explain.js'
export type { ExplainedGuard, ExplainedGuardOptions } from './explained-guard.js'
export { explainedGuard } from './explained-guard.js'
export type {
  AnswerExplained,
  ChargeExplained,
  Explanation,
  LayerExplained,
  QuotaExplained,
  RuleExplained,
  SourceExplained,
  VerdictExplained,
} from './explanation.js'
