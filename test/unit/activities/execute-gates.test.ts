import assert from 'node:assert/strict';
import { test } from 'node:test';
import { approved, caseOf, type ExecutionRig, NOW } from './rig.ts';

interface Gate {
  readonly name: string;
  readonly close: (rig: ExecutionRig) => void;
  readonly result: string;
  readonly reason: RegExp;
}

const GATES: readonly Gate[] = [
  {
    name: 'the asset has changed',
    close: (rig) => {
      rig.cloud.facts = { ...rig.facts, instanceType: 'm5.xlarge' };
    },
    result: 'blocked-by-drift',
    reason: /^drift:instanceType$/,
  },
  {
    name: 'a tag was added',
    close: (rig) => {
      rig.cloud.facts = { ...rig.facts, tags: { ...rig.facts.tags, env: 'prod' } };
    },
    result: 'blocked-by-drift',
    reason: /^drift:tags\.env$/,
  },
  {
    name: 'it is busy again',
    close: (rig) => {
      rig.cloud.cpu = [0.5, 82];
    },
    result: 'active-again',
    reason: /^busy-again:cpu$/,
  },
  {
    name: 'nobody knows whether it is busy',
    close: (rig) => {
      rig.cloud.cpu = null;
    },
    result: 'blocked-by-preflight',
    reason: /^no-fresh-metrics$/,
  },
  {
    name: 'an incident is open',
    close: (rig) => void rig.cloud.incidents.push('INC0001'),
    result: 'blocked-by-policy',
    reason: /^policy:forbid-open-incident$/,
  },
  {
    name: 'the kill switch is on',
    close: (rig) => {
      rig.records.killSwitch = true;
    },
    result: 'blocked-by-policy',
    reason: /^policy:forbid-kill-switch$/,
  },
  {
    name: 'the account is only observed',
    close: (rig) => {
      for (const account of rig.config.accounts) account.phase = 'observe';
    },
    result: 'blocked-by-policy',
    reason: /^policy:forbid-observe-phase$/,
  },
  {
    name: 'there is a freeze',
    close: (rig) => {
      rig.config.policy.freezes = [{ from: '2026-03-01T00:00:00Z', to: '2026-03-03T00:00:00Z', reason: 'launch' }];
    },
    result: 'blocked-by-policy',
    reason: /^policy:forbid-freeze$/,
  },
  {
    name: 'it is outside the change window',
    close: (rig) => {
      rig.config.policy.changeWindow = { days: ['sat'], from: '22:00', to: '04:00', timeZone: 'Europe/Berlin' };
    },
    result: 'blocked-by-policy',
    reason: /^policy:forbid-outside-window$/,
  },
  {
    name: 'the approver has left the group',
    close: (rig) => void rig.cloud.groups.set('ann@example.com', ['web']),
    result: 'blocked-by-policy',
    reason: /^not-an-approver:ann@example\.com$/,
  },
  {
    name: 'the approver has left the company',
    close: (rig) => void rig.cloud.groups.delete('ann@example.com'),
    result: 'blocked-by-policy',
    reason: /^unknown-person:ann@example\.com$/,
  },
  {
    name: 'the approval is in the records and not in the trail',
    close: (rig) => void rig.audit.entries.splice(0),
    result: 'blocked-by-policy',
    reason: /^not-in-trail:ann@example\.com$/,
  },
  {
    name: 'somebody called it off',
    close: (rig) => rig.decide('ben', { kind: 'withdraw', optionId: null, planDigest: null }),
    result: 'blocked-by-policy',
    reason: /^plan-not-offered-or-rejected$/,
  },
  {
    name: 'somebody rejected it',
    close: (rig) => rig.decide('ben', { kind: 'reject', reason: 'no', optionId: null, planDigest: null }),
    result: 'blocked-by-policy',
    reason: /^plan-not-offered-or-rejected$/,
  },
  {
    name: 'the approval has run out',
    close: (rig) => {
      rig.clock.now = new Date(NOW.getTime() + rig.config.policy.waits.approvalValidFor);
    },
    result: 'blocked-by-policy',
    reason: /^policy:no-permit$/,
  },
  {
    name: 'it turned out to be production, and one person approved',
    close: (rig) => void rig.records.cases.set('case-1', caseOf(rig.facts, { environment: 'prod' })),
    result: 'blocked-by-policy',
    reason: /^policy:forbid-prod-single-approval$/,
  },
  {
    name: 'the case was never assessed',
    close: (rig) => void rig.records.cases.set('case-1', caseOf(rig.facts, { risk: null })),
    result: 'blocked-by-policy',
    reason: /^policy:forbid-high-risk-single-approval$/,
  },
  {
    name: 'a pre-flight check fails',
    close: (rig) => void rig.cloud.preflight.push('stop_protection'),
    result: 'blocked-by-preflight',
    reason: /^preflight:stop_protection$/,
  },
  {
    name: 'too much was changed today',
    close: (rig) => {
      rig.records.exceeded = 'owner-day/';
    },
    result: 'blocked-by-policy',
    reason: /^budget:owner-day\/2026-03-02\/owner@example\.com$/,
  },
  {
    name: 'somebody stopped it by hand',
    close: (rig) => {
      rig.cloud.facts = { ...rig.facts, state: 'stopped' };
    },
    result: 'already-satisfied',
    reason: /^cloud-state:stopped$/,
  },
  {
    name: 'it is gone',
    close: (rig) => {
      rig.cloud.facts = null;
    },
    result: 'gone',
    reason: /^asset-not-found$/,
  },
];
for (const { name, close, result, reason } of GATES)
  test(`${name}: ${result}, no call, no budget held, and the trail says why`, async () => {
    const rig = await approved();
    close(rig);
    const outcome = await rig.run();
    assert.equal(outcome.result, result);
    assert.ok(
      outcome.reasons.some((r) => reason.test(r)),
      outcome.reasons.join(),
    );
    assert.deepEqual(rig.cloud.effects, []);
    assert.deepEqual([...rig.records.held], []);
    const last = rig.audit.entries.at(-1);
    assert.deepEqual([last?.type, last?.payload['reasons']], ['RESULT', outcome.reasons]);
    assert.ok(!rig.audit.types().includes('INTENT'));
  });
