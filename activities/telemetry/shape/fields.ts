import { Decimal } from 'decimal.js';
import type { Fields } from '../../../ports/trail.ts';

/**
 * Which fields of which payloads may leave, and in what form. Whatever is not named here stays: prompts, answers, cost rows,
 * findings, evidence, people's own words. What is named still has to look like what it should be, so that free text in a
 * code's place does not pass.
 */
type Reader = (value: unknown) => Fields[string] | undefined;

const CODE = /^[A-Za-z][\w.+:/-]{0,99}$/;
/** Reasons share their list with sentences that people or vendors wrote: a code has parts and no blanks. */
const REASON = /^[a-z][a-z0-9]*(?:[-_:./][A-Za-z0-9]+)+$/;
const MAX_REASONS = 20;

const code: Reader = (value) => (typeof value === 'string' && CODE.test(value) ? value : undefined);
const flag: Reader = (value) => (typeof value === 'boolean' ? value : undefined);
const count: Reader = (value) => (Number.isInteger(value) ? (value as number) : undefined);
const digest: Reader = (value) => (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : undefined);
const currency: Reader = (value) => (typeof value === 'string' && /^[A-Z]{3}$/.test(value) ? value : undefined);
const account: Reader = (value) => (typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : undefined);
const reasons: Reader = (value) => {
  if (!Array.isArray(value)) return undefined;
  const kept = value.filter(
    (item): item is string => typeof item === 'string' && item.length <= 100 && REASON.test(item),
  );
  return kept.length === 0 ? undefined : kept.slice(0, MAX_REASONS);
};
const amount: Reader = (value) => {
  if (typeof value !== 'string' || !/^-?\d{1,15}(\.\d{1,10})?$/.test(value)) return undefined;
  return new Decimal(value).toFixed();
};

/** Path in the payload, reader, and the name it gets when that is not the path. */
type Field = readonly [string, Reader, string?];

const DECISION: readonly Field[] = [
  ['kind', code, 'decision'],
  ['optionId', code, 'action'],
  ['planDigest', digest],
  ['actor.via', code, 'via'],
  ['via', code],
];
const STEP: readonly Field[] = [
  ['step', code],
  ['planDigest', digest],
  ['result', code],
  ['reasons', reasons],
];

const FIELDS: Readonly<Record<string, readonly Field[]>> = {
  VERDICT: [
    ['verdict.verdict', code, 'verdict'],
    ['verdict.ruleId', code, 'rule'],
    ['verdict.confidence', count, 'confidence'],
    ['verdict.reasons', reasons, 'reasons'],
  ],
  CONTEXT_SNAPSHOT: [['recordDigest', digest]],
  PROMPT: [
    ['model', code],
    ['promptDigest', digest],
  ],
  MODEL_OUTPUT: [
    ['ok', flag],
    ['failure', code],
    ['answerDigest', digest],
  ],
  RISK_ASSESSED: [
    ['score', count],
    ['level', code],
    ['vetoed', flag],
    ['assessor', code],
    ['confidence', count],
    ['modelFailure', code],
    ['reasonCodes', reasons, 'reasons'],
  ],
  PLAN: [
    ['planDigest', digest],
    ['stateDigest', digest],
    ['action', code],
    ['requiredApprovals', count],
  ],
  POLICY_DECISION: [
    ['allow', flag],
    ['reasons', reasons],
    ['policySetDigest', digest],
    ['budgetExceeded', code],
  ],
  TICKET: [
    ['number', code, 'ticket'],
    ['created', flag],
  ],
  APPROVAL_REQUESTED: DECISION,
  APPROVAL_GIVEN: DECISION,
  APPROVAL_REJECTED: DECISION,
  APPROVAL_SNOOZED: DECISION,
  APPROVAL_REFUSED: [['reason', code]],
  INTENT: STEP,
  RESULT: STEP,
  ROLLBACK: STEP,
  CRED_ISSUED: [
    ['step', code],
    ['action', code],
    ['policyDigest', digest],
  ],
  VERIFY: [
    ['result', code],
    ['cloudState', code, 'cloud_state'],
    ['reasons', reasons],
  ],
  OUTCOME: [
    ['outcome', code],
    ['action', code],
    ['reasons', reasons],
  ],
  FEEDBACK: [
    ['result', code],
    ['realisedMonthly.amount', amount, 'saving_monthly'],
    ['realisedMonthly.currency', currency, 'saving_currency'],
  ],
  SECURITY: [['reason', code]],
  PHASE_CHANGED: [
    ['accountId', account, 'account'],
    ['region', code],
    ['phase', code],
  ],
  KILL_SWITCH: [['state', code]],
  POLICY_LOADED: [['policySetDigest', digest]],
};

/** True when something of this type's payload may leave. */
export function hasFields(type: string): boolean {
  return Object.hasOwn(FIELDS, type);
}

/** The fields of a payload that may leave, by snake_case name. */
export function pickFields(type: string, payload: unknown): Fields {
  const picked: Record<string, Fields[string]> = {};
  for (const [path, read, name] of hasFields(type) ? (FIELDS[type] ?? []) : []) {
    const value = read(at(payload, path));
    if (value !== undefined) picked[name ?? snake(path)] = value;
  }
  return picked;
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
          ? (inner as Record<string, unknown>)[name]
          : undefined,
      value,
    );
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
