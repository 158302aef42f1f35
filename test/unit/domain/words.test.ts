import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remediationDetails } from '../../../domain/remediation-details.ts';
import { findingWord, plural, readableInstant, reasonWords } from '../../../domain/words.ts';

test('a machine that is too large is not called idle', () => {
  assert.equal(findingWord('aws-ec2-instance-over-provisioned'), 'oversized');
  assert.equal(findingWord('aws-ebs-volume-unattached'), 'idle');
});

test('reason codes become words, and what people wrote stays', () => {
  assert.equal(reasonWords('policy:forbid-open-incident'), 'the policy forbids it (open-incident)');
  assert.equal(reasonWords('policy:no-permit'), 'the policy does not allow it (no-permit)');
  assert.equal(reasonWords('drift:tags.environment'), 'tags.environment has changed');
  assert.equal(
    reasonWords('start:insufficient_instance_capacity'),
    'it could not be started (insufficient instance capacity)',
  );
  assert.equal(reasonWords('needed for job_7, drift:x'), 'needed for job_7, drift:x');
});

test('one is not plural', () => {
  assert.deepEqual([plural(1, 'approval'), plural(2, 'approval')], ['1 approval', '2 approvals']);
});

test('an instant is readable and says its zone', () => {
  assert.equal(readableInstant('2026-11-23T23:06:05.806Z'), '2026-11-23 23:06 UTC');
});

test('the details of a waiting run fit the panel of the Temporal UI, with every fact', () => {
  const text = remediationDetails({
    assetName: 'web-1',
    stage: 'awaiting-decision',
    roundNumber: 2,
    round: {
      approvalId: 'a',
      expiresAtMs: Date.UTC(2026, 10, 24, 23, 6),
      options: [],
      counted: {},
      approvals: [{ subject: 'ana@x', displayName: 'Ana', optionId: 'stop-instance', decisionId: 'd' }],
      ended: null,
    },
    ticket: { number: 'CHG1', url: 'https://example.com/1' },
    outcome: null,
    notes: [],
    assessment: { riskScore: 46, riskLevel: 'high', assessor: 'rules+model', recommended: 'stop-instance' },
  });
  assert.ok(text.split('\n').length <= 5);
  assert.doesNotMatch(text, /\d\/\d/, 'the UI makes a fraction of it');
  for (const part of [
    '**Waiting for a decision** until 2026-11-24 23:06 UTC, silence means no · web-1, asked for the second time',
    'risk **high** (46 of 100, by rules and model)',
    'recommended: Secure stop',
    '[CHG1](https://example.com/1)',
    'Ana approved Secure stop',
  ])
    assert.ok(text.includes(part), part);
});
