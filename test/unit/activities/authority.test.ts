import assert from 'node:assert/strict';
import { test } from 'node:test';
import { establishAuthority } from '../../../activities/execute/authority.ts';
import { assetNow } from '../../../activities/execute/gates.ts';
import { type ApprovalRequest, type Decision, Decision as DecisionShape } from '../../../schemas/decision.ts';
import { ROLE_KEYS } from '../../helpers/signing.ts';
import { caseOf, type ExecutionRig, executionRig, policy } from './rig.ts';

function ask(rig: ExecutionRig, change: Partial<ApprovalRequest> = {}) {
  const approval = { ...(rig.records.approvals.get('approval-1') as ApprovalRequest), ...change };
  rig.seal();
  return establishAuthority(
    {
      plan: rig.plan,
      planDigest: rig.planDigest,
      approval,
      decisions: rig.records.decisions,
      inTrail: rig.audit.entries.flatMap((e) => DecisionShape.safeParse(e.payload).data ?? []),
      standing: new Map(rig.records.decisions.map((d) => [d.decisionId, true])),
      asset: assetNow(rig.facts, caseOf(rig.facts), {
        environment: 'dev',
        risk: 15,
        confidence: 98,
        requiredApprovals: 1,
      }),
    },
    {
      policy,
      verifier: ROLE_KEYS.verifier,
      directory: { groupsOf: (subject) => rig.cloud.groups.get(subject) ?? null },
    },
  );
}

async function decided(...by: readonly (readonly [string, Partial<Decision>?])[]): Promise<ExecutionRig> {
  const rig = await executionRig();
  for (const [who, change] of by) rig.decide(who, change);
  return rig;
}

test('two approvers stand behind the plan; the last of them names the change', async () => {
  const authority = ask(await decided(['ben'], ['ann', { decidedAt: '2026-03-02T08:30:00.000Z' }]));
  assert.deepEqual(authority.approvers, ['ann@example.com', 'ben@example.com']);
  assert.deepEqual([authority.decisionId, authority.decidedAtMs], ['d-ann-1', Date.parse('2026-03-02T08:30:00.000Z')]);
  assert.deepEqual([authority.automated, authority.discarded], [false, []]);
});

test('one person through two accounts is one person', async () => {
  const elsewhere = {
    actor: { subject: 'ann@example.com', displayName: 'A', via: 'teams', externalId: 'U2' },
  } as const;
  assert.deepEqual(ask(await decided(['ann'], ['ann', elsewhere])).approvers, ['ann@example.com']);
});

const discarded: readonly (readonly [string, string, Partial<Decision>, string])[] = [
  ['not in the group any more', 'dev', {}, 'not-an-approver:dev@example.com'],
  ['unknown to the directory', 'ghost', {}, 'unknown-person:ghost@example.com'],
  ['pressed when the request had expired', 'ann', { decidedAt: '2026-03-10T09:00:00.000Z' }, 'late:ann@example.com'],
];
for (const [what, who, change, reason] of discarded)
  test(`${what}: does not count, and says whose and why; the others still do`, async () => {
    const authority = ask(await decided(['ben'], [who, change]));
    assert.deepEqual([authority.approvers, authority.discarded], [['ben@example.com'], [reason]]);
    assert.equal(authority.decisionId, 'd-ben-0');
  });

test('whoever asked for it does not approve it', async () => {
  const rig = await decided(['ann']);
  const approval = rig.records.approvals.get('approval-1') as ApprovalRequest;
  rig.records.approvals.set('approval-1', { ...approval, requesterSubject: 'ann@example.com' });
  const authority = ask(rig);
  assert.deepEqual([authority.approvers, authority.discarded], [[], ['not-an-approver:ann@example.com']]);
});

test('one rejection outweighs every approval', async () => {
  const no = { kind: 'reject', optionId: null, planDigest: null, reason: 'no' } as const;
  const authority = ask(await decided(['ann'], ['ben', no]));
  assert.deepEqual([authority.approvers, authority.automated, authority.decisionId], [[], false, null]);
});

test('an approval of another plan, another option or another request approves nothing here', async () => {
  assert.deepEqual(ask(await decided(['ann', { planDigest: 'f'.repeat(64) }])).approvers, []);
  assert.deepEqual(ask(await decided(['ann', { optionId: 'resize-instance' }])).approvers, []);
  const offered = [{ optionId: 'stop-instance' as const, planDigest: 'f'.repeat(64), requiredApprovals: 1 }];
  assert.deepEqual(ask(await decided(['ann']), { options: offered }).discarded, ['plan-not-offered-or-rejected']);
});

test('an approval that is not in the trail was never given, by whomever; a no counts wherever it is', async () => {
  const rig = await decided(['ben']);
  rig.decide('ann', {}, { inTrail: false });
  const authority = ask(rig);
  assert.deepEqual([authority.approvers, authority.discarded], [['ben@example.com'], ['not-in-trail:ann@example.com']]);
  const policy = { actor: { subject: 'policy', displayName: 'policy', via: 'policy', externalId: 'policy' } } as const;
  const automated = await decided();
  automated.decide('policy', policy, { inTrail: false });
  assert.deepEqual([ask(automated).automated, ask(automated).discarded], [false, ['not-in-trail:policy']]);
  rig.decide('dev', { kind: 'reject', optionId: null, planDigest: null, reason: 'no' }, { inTrail: false });
  assert.deepEqual(ask(rig).approvers, []);
});

test('what was called off is approved by nobody', async () => {
  const off = { kind: 'withdraw', optionId: null, planDigest: null } as const;
  assert.deepEqual(ask(await decided(['ann'], ['ben', off])).approvers, []);
});

test('a snooze is no approval', async () => {
  const later = { kind: 'snooze', snoozeUntil: '2026-04-01T00:00:00.000Z' } as const;
  assert.deepEqual(ask(await decided(['ann', later])).approvers, []);
});

test('the policy is not a person: it makes the change automated and approves for nobody', async () => {
  const authority = ask(
    await decided([
      'policy',
      { actor: { subject: 'policy', displayName: 'policy', via: 'policy', externalId: 'policy' } },
    ]),
  );
  assert.deepEqual([authority.automated, authority.approvers], [true, []]);
});

test('nobody decided: nobody stands behind it', async () => {
  assert.deepEqual(ask(await decided()), {
    approvers: [],
    automated: false,
    discarded: [],
    forged: [],
    decisionId: null,
    decidedAtMs: null,
  });
});
