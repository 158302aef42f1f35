import type { Question } from './request.ts';

/** What a sensible, cautious reader would make of the words in the prompt. Deterministic: same prompt, same answer. */
export function assessPrompt(question: Question): Record<string, unknown> {
  const text = question.user.toLowerCase();
  const fired = CLUES.filter((clue) => clue.pattern.test(text));
  const weight = fired.reduce((sum, clue) => sum + clue.weight, 0);
  const allowed = (kind: 'reasonCodes' | 'questions', codes: readonly string[]) =>
    [...new Set(codes)].filter((code) => question.enums[kind]?.includes(code));
  const reasonCodes = allowed(
    'reasonCodes',
    fired.map((clue) => clue.reason),
  );
  return {
    riskDelta: weight >= 6 ? 'veto' : weight >= 3 ? 2 : weight >= 1 ? 1 : 0,
    reasonCodes,
    questions: allowed(
      'questions',
      fired.map((clue) => clue.question),
    ).slice(0, 3),
    evidenceIds: (question.enums.evidenceIds ?? []).slice(0, 3),
    summary: summarise(reasonCodes),
  };
}

interface Clue {
  readonly pattern: RegExp;
  readonly weight: number;
  readonly reason: string;
  readonly question: string;
}

/** `field` says one of `values`, in JSON or in prose; quotes, colons and line breaks between them do not matter. */
function says(field: string, ...values: string[]): RegExp {
  return new RegExp(`\\b${field}\\W{1,8}(value\\W{1,6})?(${values.join('|')})(?![\\w-])`);
}

/** Weight 0 asks a question without adding risk: exposure, for one, is a reason to act rather than to wait. */
const CLUES: readonly Clue[] = [
  {
    pattern: says('environment', 'prod', 'production'),
    weight: 1,
    reason: 'production-workload',
    question: 'what-depends-on-it',
  },
  {
    pattern: says('environment', 'unknown'),
    weight: 1,
    reason: 'environment-unclear',
    question: 'is-the-environment-right',
  },
  { pattern: says('owner', 'unknown', 'none'), weight: 1, reason: 'owner-unclear', question: 'who-owns-it' },
  {
    pattern: says('criticality', 'class-1', 'class-2', 'high', 'critical'),
    weight: 1,
    reason: 'business-critical',
    question: 'what-depends-on-it',
  },
  {
    pattern: says('dependents', '1-to-5', 'more-than-5'),
    weight: 1,
    reason: 'dependents-exist',
    question: 'what-depends-on-it',
  },
  {
    pattern: says('openincidents', '1-to-5', 'more-than-5'),
    weight: 2,
    reason: 'incident-open',
    question: 'was-it-changed-recently',
  },
  {
    pattern: says('disasterrecoveryrole', 'stated'),
    weight: 3,
    reason: 'standby-or-failover-role',
    question: 'is-it-a-standby',
  },
  {
    pattern: /\b(month-end-not-observed|isolated-peak|periodic-load)\b/,
    weight: 1,
    reason: 'periodic-load-possible',
    question: 'is-it-used-periodically',
  },
  { pattern: says('sensitive-data', 'yes'), weight: 1, reason: 'sensitive-data-held', question: 'is-data-backed-up' },
  {
    pattern: says('internet-exposed', 'yes'),
    weight: 0,
    reason: 'exposed-endpoint-in-use',
    question: 'is-exposure-intended',
  },
  { pattern: says('suspicioustext', 'true', 'yes'), weight: 2, reason: 'input-suspicious', question: 'who-owns-it' },
];

function summarise(reasons: readonly string[]): string {
  if (reasons.length === 0)
    return 'The evidence agrees that the asset does no work, and nothing argues against acting.';
  return `Worth a second look before acting: ${reasons.map((reason) => reason.replaceAll('-', ' ')).join(', ')}.`;
}
