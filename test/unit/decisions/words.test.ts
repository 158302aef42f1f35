import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decisionIdOf } from '../../../decisions/decision.ts';
import { explain, type RefusalCode } from '../../../decisions/refusals.ts';
import { countApprovals, receipt } from '../../../decisions/words.ts';
import type { ApprovalRequest, Decision } from '../../../schemas/decision.ts';

const decision = (subject: string): Decision => ({
  decisionId: `d-${subject}`,
  approvalId: 'a',
  remediationId: 'r',
  kind: 'approve',
  optionId: 'stop-instance',
  planDigest: 'p',
  reason: null,
  snoozeUntil: null,
  actor: { subject, displayName: subject, via: 'slack', externalId: 'U' },
  decidedAt: '2026-01-01T10:00:00Z',
});
const approval = {
  options: [{ optionId: 'stop-instance', planDigest: 'p', requiredApprovals: 2 }],
} as unknown as ApprovalRequest;

describe('a decision id', () => {
  const approve = { kind: 'approve', approvalId: 'a', optionId: 'stop-instance', digest: 'x'.repeat(16) } as const;
  test('is the same for the same person saying the same thing', () => {
    assert.equal(decisionIdOf('ana', approve), decisionIdOf('ana', { ...approve }));
    assert.match(decisionIdOf('ana', approve), /^d-[0-9a-f]{40}$/);
  });
  test('differs by request, person, verdict and option', () => {
    const ids = [
      decisionIdOf('ana', approve),
      decisionIdOf('ana', { ...approve, approvalId: 'b' }),
      decisionIdOf('ben', approve),
      decisionIdOf('ana', { kind: 'reject', approvalId: 'a', reason: 'why not' }),
      decisionIdOf('ana', { ...approve, optionId: 'resize-instance' }),
    ];
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe('counting for the person', () => {
  test('is by person, and the answer of the workflow wins', () => {
    const decisions = [decision('ana'), { ...decision('ana'), decisionId: 'd-2' }, decision('ben')];
    assert.equal(countApprovals(decision('ana'), { approval, decisions, delivered: null }).counted, 2);
    const answer = { accepted: true, refusal: null, approvalsCounted: 1, approvalsRequired: 2 };
    const counted = countApprovals(decision('ana'), { approval, decisions, delivered: { via: 'update', answer } });
    assert.deepEqual([counted.counted, counted.required], [1, 2]);
  });
  test('a receipt says how many are missing and whether anybody is at work', () => {
    const count = { counted: 1, required: 2, by: ['ana'] };
    assert.match(receipt(decision('ana'), count, { via: 'update', answer: null }), /1 more person has to agree/);
    assert.match(receipt(decision('ana'), count, null), /as soon as they are back/);
  });
});

test('every refusal is a sentence, names its code, and never shows a policy expression', () => {
  const codes: RefusalCode[] = [
    'expired',
    'not-an-approver',
    'self-approval',
    'policy:forbid-x',
    'workflow:superseded',
    'workflow:new-thing',
  ];
  for (const code of codes) {
    const text = explain(code);
    assert.match(text, /^🚫 [A-Z].+\. \(.+\)$|^🚫 [A-Z].+ \(.+\)$/);
    assert.ok(text.includes(`(${code})`));
  }
});
