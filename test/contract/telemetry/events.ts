import type { AuditEntry, AuditEventType } from '../../../schemas/audit.ts';

const ARN = 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0';

/** Secrets and bodies planted where real events could have them: none may be found in what was sent. */
export const CANARIES = [
  'xoxb-canary-1111-2222-aaaabbbbcccc',
  'canary-free-text of a person',
  'ASIACANARYCANARY1234',
  'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEcanaA',
  'You are a careful assessor canary',
  'CVE-2099-canary',
  '987654.32canary',
  'canary-evidence-body',
  'mongodb://idlewise:canarypass@db.internal',
];

const [SLACK, WORDS, ACCESS_KEY, SECRET_KEY, PROMPT, FINDING, COST, BODY, MONGO] = CANARIES as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

/** The payloads of one remediation that went well, as the activities write them, with canaries. */
const STORY: readonly (readonly [AuditEventType, Record<string, unknown>])[] = [
  [
    'VERDICT',
    {
      verdict: {
        verdict: 'idle',
        ruleId: 'ec2-idle',
        confidence: 92,
        reasons: ['cpu-low'],
        evidence: [{ value: COST }],
      },
    },
  ],
  ['CONTEXT_SNAPSHOT', { caseId: 'case_1', recordDigest: 'a'.repeat(64), sources: { body: BODY, finding: FINDING } }],
  ['PROMPT', { evidenceId: 'case_1/model', promptDigest: 'b'.repeat(64), model: 'gpt-5-mini', prompt: PROMPT }],
  ['MODEL_OUTPUT', { ok: true, failure: null, answerDigest: 'c'.repeat(64), answer: BODY }],
  [
    'RISK_ASSESSED',
    { score: 12, level: 'low', vetoed: false, assessor: 'rules+model', summary: WORDS, confidence: 90 },
  ],
  ['TICKET', { id: 'x', number: 'CHG0030001', created: true, url: MONGO }],
  [
    'APPROVAL_GIVEN',
    { kind: 'approve', optionId: 'stop-instance', reason: WORDS, actor: { via: 'slack' }, token: SLACK },
  ],
  ['CRED_ISSUED', { step: 'stop', accessKeyId: ACCESS_KEY, action: 'ec2:StopInstances', secretAccessKey: SECRET_KEY }],
  ['INTENT', { step: 'stop', planDigest: 'd'.repeat(64), state: BODY }],
  ['RESULT', { step: 'stop', planDigest: 'd'.repeat(64), password: SLACK }],
  [
    'OUTCOME',
    { outcome: 'remediated', action: 'stop-instance', decidedBy: ['Ana'], reasons: ['verified:stopped', WORDS] },
  ],
  ['FEEDBACK', { result: 'verified', realisedMonthly: { amount: '61.20', currency: 'USD' }, rows: [COST] }],
];

export const STORY_LENGTH = STORY.length;

/** Events of `count` remediations, one second apart, the last one at `end`. */
export function story(count: number, end: Date): AuditEntry[] {
  const total = count * STORY.length;
  return Array.from({ length: count }, (_, n) => n).flatMap((n) =>
    STORY.map(([type, payload], step): AuditEntry => {
      const id = `remediate/acme/${ARN}${n}/ec2-idle`;
      const key = type === 'CRED_ISSUED' ? ACCESS_KEY : `step-${step}`;
      return {
        stream: `remediation/${id}`,
        eventId: `${id}/${key}/${type}`,
        type,
        at: new Date(end.getTime() - (total - 1 - (n * STORY.length + step)) * 1000).toISOString(),
        actor: { kind: type.startsWith('APPROVAL') ? 'human' : 'service', id: 'ana@acme.example' },
        subject: id,
        payload,
      };
    }),
  );
}
