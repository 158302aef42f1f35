/**
 * The only words a model's answer may contain: it picks from these lists and can say nothing else that is acted upon.
 * All of them argue for more caution; there is no word for less.
 */
export const MODEL_REASON_CODES = [
  'production-workload',
  'environment-unclear',
  'owner-unclear',
  'business-critical',
  'dependents-exist',
  'periodic-load-possible',
  'standby-or-failover-role',
  'sensitive-data-held',
  'exposed-endpoint-in-use',
  'license-or-identity-bound',
  'state-not-backed-up',
  'recently-changed',
  'incident-open',
  'managed-by-other-tool',
  'commitment-covers-cost',
  'evidence-thin',
  'evidence-contradicts',
  'action-irreversible',
  'similar-case-went-wrong',
  'input-suspicious',
] as const;
export type ModelReasonCode = (typeof MODEL_REASON_CODES)[number];

/** Questions for the person who decides, by code; the wording is ours. */
export const MODEL_QUESTIONS = {
  'is-it-a-standby': 'Is it kept as a standby or for disaster recovery?',
  'is-it-used-periodically': 'Is it used at month end, quarter end or in another rare period?',
  'who-owns-it': 'Who owns it, and do they still need it?',
  'is-data-backed-up': 'Is the data on it kept anywhere else?',
  'what-depends-on-it': 'Does anything depend on it that the records do not show?',
  'is-the-environment-right': 'Is the environment it is labelled with the true one?',
  'is-software-licensed-to-it': 'Is a licence, a certificate or an address bound to it?',
  'was-it-changed-recently': 'Was it changed or redeployed recently?',
  'is-exposure-intended': 'Is it meant to be reachable from the internet?',
  'is-a-smaller-step-possible': 'Would a smaller or reversible step serve as well?',
} as const;
export type ModelQuestion = keyof typeof MODEL_QUESTIONS;

export const MODEL_QUESTION_CODES = Object.keys(MODEL_QUESTIONS) as readonly ModelQuestion[];
