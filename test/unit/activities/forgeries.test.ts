import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decisionEvent } from '../../../ports/decision-trail.ts';
import { gatheredStatement, settingStatement } from '../../../ports/statements.ts';
import { CaseDocument } from '../../../schemas/records.ts';
import type { Decision } from '../../../schemas/decision.ts';
import { ROLE_KEYS, signedDecision, testKeys } from '../../helpers/signing.ts';
import { approved, type ExecutionRig, executionRig, NOW, REMEDIATION } from './rig.ts';

// What somebody can do who may write to the database, or reaches Temporal, and has no key.

const HUMAN = { kind: 'human', id: 'ann@example.com' } as const;

/** Nothing in the cloud was called, and the trail says that somebody tried. */
function refusedAsAttack(rig: ExecutionRig, reasons: RegExp): void {
  assert.deepEqual(rig.cloud.effects, []);
  const told = rig.audit.entries.filter((e) => e.type === 'SECURITY');
  assert.match(JSON.stringify(told.map((e) => e.payload['reasons'])), reasons);
}

function insert(rig: ExecutionRig, decision: Decision): void {
  rig.records.decisions.push(decision);
  rig.audit.entries.push(decisionEvent(decision, { actor: HUMAN, about: {} }));
}

function decisionOf(rig: ExecutionRig, over: Partial<Decision> = {}): Decision {
  return {
    decisionId: `d-${rig.records.decisions.length}`,
    approvalId: 'approval-1',
    remediationId: REMEDIATION,
    kind: 'approve',
    optionId: rig.plan.action,
    planDigest: rig.planDigest,
    reason: null,
    snoozeUntil: null,
    actor: { subject: 'ann@example.com', displayName: 'Ann', via: 'slack', externalId: 'U1' },
    decidedAt: '2026-03-02T08:00:00.000Z',
    signature: null,
    ...over,
  };
}

test('a "begun" written into the records skips no gate', async () => {
  const rig = await executionRig();
  rig.records.evidence.set(`${rig.planDigest}/apply/begun`, { step: 'stop', decisionId: 'd', policyRequest: 'p' });
  const outcome = await rig.run();
  assert.deepEqual([outcome.result, outcome.reasons], ['needs-human', ['forged:apply/begun']]);
  refusedAsAttack(rig, /forged:apply\/begun/);
});

test('an INTENT, a RESULT or a finished first phase that this executor did not sign counts for nothing', async () => {
  for (const type of ['INTENT', 'RESULT'] as const) {
    const rig = await approved();
    const eventId = `${REMEDIATION}/${rig.planDigest}/stop/${type}`;
    await rig.audit.append({
      stream: `remediation/${REMEDIATION}`,
      eventId,
      type,
      at: NOW.toISOString(),
      actor: { kind: 'service', id: 'idlewise' },
      subject: REMEDIATION,
      payload: { step: 'stop' },
    });
    const outcome = await rig.run();
    if (type === 'INTENT') assert.equal(outcome.result, 'needs-human');
    if (type === 'INTENT') refusedAsAttack(rig, /forged:INTENT/);
  }
  const rig = await approved({ plan: { action: 'snapshot-and-terminate-instance', reversibility: 'restorable' } });
  rig.records.evidence.set(`${rig.planDigest}/apply`, { result: 'prepared', at: '2026-01-01T00:00:00.000Z' });
  assert.deepEqual((await rig.run('complete')).reasons, ['forged:apply']);
  refusedAsAttack(rig, /forged:apply/);
});

test('decisions that nobody signed are no approvals, however many, and wherever they stand', async () => {
  const rig = await executionRig();
  insert(rig, decisionOf(rig));
  insert(rig, decisionOf(rig, { actor: { ...decisionOf(rig).actor, subject: 'ben@example.com' } }));
  const outcome = await rig.run();
  assert.equal(outcome.result, 'blocked-by-policy');
  refusedAsAttack(rig, /unsigned:ann@example.com.*unsigned:ben@example.com/);
});

const approvalOf = (rig: ExecutionRig) => rig.records.approvals.get('approval-1') ?? assert.fail('no approval');
const stranger = testKeys('role:slack');
const SIGNED_WRONGLY: readonly (readonly [string, (rig: ExecutionRig) => Decision])[] = [
  ['by a key that nobody trusts', (r) => signedDecision(decisionOf(r), approvalOf(r), stranger.signers['role:slack'])],
  ['by another app', (r) => signedDecision(decisionOf(r), approvalOf(r), ROLE_KEYS.signers['role:teams'])],
  [
    'by the app, for somebody on the command line',
    (r) => {
      const actor = { ...decisionOf(r).actor, via: 'cli' } as const;
      return signedDecision(decisionOf(r, { actor }), approvalOf(r), ROLE_KEYS.signers['role:slack']);
    },
  ],
  [
    'for another person',
    (r) => {
      const signed = signedDecision(decisionOf(r), approvalOf(r), ROLE_KEYS.signers['role:slack']);
      return { ...signed, actor: { ...signed.actor, subject: 'ben@example.com' } };
    },
  ],
  [
    'later than it says',
    (r) => ({
      ...signedDecision(decisionOf(r), approvalOf(r), ROLE_KEYS.signers['role:slack']),
      decidedAt: '2026-03-02T08:59:59.000Z',
    }),
  ],
  [
    'over a request that was changed since',
    (r) => {
      const asked = { ...approvalOf(r), expiresAt: '2026-03-03T09:00:00.000Z' };
      return signedDecision(decisionOf(r), asked, ROLE_KEYS.signers['role:slack']);
    },
  ],
  [
    'as the policy of the same words',
    (r) => decisionOf(r, { actor: { subject: 'ann@example.com', displayName: 'Ann', via: 'api', externalId: 'x' } }),
  ],
];
for (const [what, make] of SIGNED_WRONGLY)
  test(`a decision signed ${what} approves nothing`, async () => {
    const rig = await executionRig();
    insert(rig, make(rig));
    assert.equal((await rig.run()).result, 'blocked-by-policy');
    refusedAsAttack(rig, /signature-of-something-else|unsigned/);
  });

test('a case that was changed after it was assessed is not acted on', async () => {
  for (const change of [{ environment: 'dev' as const }, { risk: null }, { options: [] }]) {
    const rig = await approved();
    rig.seal();
    const document = rig.records.cases.get('case-1') ?? assert.fail('no case');
    const other = 'environment' in change ? { environment: 'sandbox' as const } : change;
    rig.records.cases.set('case-1', { ...document, ...other });
    await assert.rejects(rig.run('apply', {}, { sealed: false }), /was changed by somebody who may not/);
    assert.deepEqual(rig.cloud.effects, []);
  }
});

test('one press is one press, though the records claim that the policy agrees or that one is enough', async () => {
  const rig = await approved({ plan: { requiredApprovals: 2 } });
  const approval = approvalOf(rig);
  rig.records.approvals.set('approval-1', {
    ...approval,
    options: approval.options.map((o) => ({ ...o, requiredApprovals: 1 })),
  });
  const actor = { subject: 'policy', displayName: 'policy', via: 'policy', externalId: 'policy' } as const;
  rig.decide('policy', { actor });
  const outcome = await rig.run();
  assert.equal(outcome.result, 'blocked-by-policy');
  assert.ok(outcome.reasons.includes('policy:forbid-too-few-approvals'), outcome.reasons.join());
  assert.deepEqual(rig.cloud.effects, []);
});

test("the hold is the executor's own: asked for at once, the second phase waits", async () => {
  const rig = await approved({ plan: { action: 'snapshot-and-terminate-instance', reversibility: 'restorable' } });
  rig.cloud.facts = { ...rig.facts, state: 'stopped' };
  rig.prepared(new Date(NOW.getTime() - 1000));
  const { hold } = rig.config.policy.waits;
  const outcome = await rig.run('complete');
  assert.deepEqual([outcome.result, outcome.reasons], ['outside-window', ['hold']]);
  assert.equal(outcome.notBefore, new Date(NOW.getTime() - 1000 + hold).toISOString());
  assert.deepEqual(rig.cloud.effects, []);
});

test('only what this executor began is undone, and not long after', async () => {
  const never = await approved();
  assert.deepEqual((await never.run('rollback')).reasons, ['nothing-begun']);
  assert.deepEqual(never.cloud.effects, []);
  const late = await approved();
  await late.run();
  late.cloud.effects.length = 0;
  late.clock.now = new Date('2027-03-02T09:00:00.000Z');
  assert.match((await late.run('rollback')).reasons.join(), /^rollback-too-late:/);
  assert.deepEqual(late.cloud.effects, []);
});

test('who left between the press and the change does not count; while nobody can be asked, nothing happens', async () => {
  for (const [gone, reason] of [
    ['ann@example.com', 'deactivated-user:ann@example.com'],
    ['ann', 'not-an-approver:ann@example.com'],
  ] as const) {
    const rig = await approved();
    rig.cloud.left.add(gone);
    const outcome = await rig.run();
    assert.equal(outcome.result, 'blocked-by-policy');
    assert.ok(outcome.reasons.includes(reason), outcome.reasons.join());
    assert.deepEqual(rig.cloud.effects, []);
  }
  const rig = await approved();
  rig.cloud.asking = new Error('Slack is down');
  await assert.rejects(rig.run(), /nobody can be asked whether who approved still may \(Slack is down\)/);
  assert.deepEqual(rig.cloud.effects, []);
  rig.cloud.asking = null;
  assert.equal((await rig.run()).result, 'applied');
});

const admins = testKeys('person:cleo@acme.example', 'person:ana@acme.example', 'person:ben@acme.example');
const [CLEO, ANA, BEN] = ['cleo', 'ana', 'ben'].map(
  (n) => admins.signers[`person:${n}@acme.example` as keyof typeof admins.signers],
) as [(typeof admins.signers)['person:cleo@acme.example'], ...(typeof admins.signers)['person:cleo@acme.example'][]];

/** A rig whose administrators have keys; Ben has one and is none. */
async function withAdmins(...options: Parameters<typeof executionRig>) {
  const rig = await approved(...options);
  for (const person of rig.config.directory.people) person.groups = person.groups.filter((g) => g !== 'admins');
  for (const person of rig.config.directory.people)
    if (/^(cleo|ana)@/.test(person.subject)) person.groups.push('admins');
  rig.trust(admins.verifier);
  return rig;
}

let at = 0;
const config = (rig: ExecutionRig, type: 'KILL_SWITCH' | 'PHASE_CHANGED', payload: Record<string, unknown>) =>
  rig.audit.append({
    stream: 'config',
    eventId: `${type}/${++at}`,
    type,
    at: String(payload['at']),
    actor: { kind: 'human', id: 'cleo@acme.example' },
    subject: 'settings',
    payload,
  });

test("the kill switch is let go by an administrator's signature, and by nothing in the database", async () => {
  const off = { setting: 'kill-switch', state: 'off', at: '2026-03-02T08:10:00.000Z' } as const;
  const signed = { state: 'off', at: off.at, signature: CLEO.sign('setting', settingStatement(off)) };
  const on = (when: string) => ({ state: 'on', at: when });

  const rig = await withAdmins();
  await config(rig, 'KILL_SWITCH', on('2026-03-02T08:00:00.000Z'));
  assert.equal((await rig.run()).result, 'blocked-by-policy', 'on in the trail alone');
  await config(rig, 'KILL_SWITCH', { state: 'off', at: off.at });
  assert.equal((await rig.run()).result, 'blocked-by-policy', 'let go without a signature');
  await config(rig, 'KILL_SWITCH', { ...signed, signature: BEN?.sign('setting', settingStatement(off)) });
  assert.equal((await rig.run()).result, 'blocked-by-policy', 'let go by somebody who is no administrator');
  await config(rig, 'KILL_SWITCH', signed);
  await config(rig, 'KILL_SWITCH', on('2026-03-02T08:20:00.000Z'));
  await config(rig, 'KILL_SWITCH', signed);
  assert.equal((await rig.run()).result, 'blocked-by-policy', 'an old signature is not said again');
  assert.deepEqual(rig.cloud.effects, []);
  const later = { ...off, at: '2026-03-02T08:30:00.000Z' };
  await config(rig, 'KILL_SWITCH', {
    state: 'off',
    at: later.at,
    signature: CLEO.sign('setting', settingStatement(later)),
  });
  assert.equal((await rig.run()).result, 'applied');
});

test("a phase is loosened by two administrators' signatures, and by nothing in the database", async () => {
  const set = { accountId: '111111111111', region: null, phase: 'approve', at: '2026-03-02T08:00:00.000Z' } as const;
  const statement = settingStatement({ setting: 'phase', ...set });
  const observing = async () => {
    const rig = await withAdmins();
    for (const account of rig.config.accounts) account.phase = 'observe';
    return rig;
  };
  for (const signatures of [
    [],
    [CLEO.sign('setting', statement)],
    [CLEO.sign('setting', statement), CLEO.sign('setting', statement)],
    [CLEO.sign('setting', statement), BEN?.sign('setting', statement)],
  ]) {
    const rig = await observing();
    await config(rig, 'PHASE_CHANGED', { ...set, signatures });
    assert.ok((await rig.run()).reasons.includes('policy:forbid-observe-phase'));
    assert.deepEqual(rig.cloud.effects, []);
  }
  const rig = await observing();
  await config(rig, 'PHASE_CHANGED', { ...set, signatures: [CLEO, ANA].map((s) => s?.sign('setting', statement)) });
  assert.equal((await rig.run()).result, 'applied');
});

test('what is signed is what will be read: fields that the schema does not know, or fills in, change nothing', async () => {
  const rig = await approved();
  rig.seal();
  const stored = rig.records.cases.get('case-1') ?? assert.fail('no case');
  const parsed = CaseDocument.parse({
    ...stored,
    record: { ...stored.record, cost: null, facts: stored.record.facts },
  });
  assert.deepEqual(gatheredStatement(parsed), gatheredStatement(stored));
  const strange = CaseDocument.parse({ ...stored, record: { ...stored.record, fromALaterVersion: 1 } });
  assert.deepEqual(gatheredStatement(strange), gatheredStatement(stored));
});
