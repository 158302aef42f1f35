import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertInvariants, trailOf } from '../helpers/invariants.ts';
import { eventually, startTestStack, type TestStack } from '../helpers/stack.ts';
import { type Attacker, attackerOf } from './attacker.ts';

const STOP = 'stop-instance';

/** Credentials: the database, and nothing else. */
describe('who can write to the database', () => {
  let stack: TestStack;
  let attacker: Attacker;

  before(async () => {
    stack = await startTestStack({
      assets: [
        'report-idle-1',
        'survey-store',
        'edge-kev-1',
        'kiosk-idle',
        'lab-idle-1',
        'checkout-old',
        'seasonal-idle-1',
      ],
    });
    attacker = await attackerOf(stack);
    await stack.sweep();
  });
  after(async () => {
    await attacker?.stop();
    await stack?.discard();
  });

  it('inserts approvals into records and trail: no workflow is told, and nothing changes', async () => {
    const approval = await stack.request('report-idle-1');
    const forged = await attacker.forge(approval, STOP, ['ana', 'ben']);
    // A new process of the app looks at once for what an earlier one left undelivered.
    await stack.kill('chat-app');
    await stack.startChatApp();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.equal((await stack.remediation('report-idle-1'))?.outcome, null);
    assert.deepEqual(await stack.effects('report-idle-1'), []);
    assert.equal(forged.length, 2);
  });

  it('alters the case, so that one approver would do: what was assessed is not what is there', async () => {
    const approval = await stack.request('survey-store');
    await attacker.rows('cases').updateOne({ _id: approval.caseId ?? '' }, { $set: { environment: 'dev' } });
    await stack.approve('survey-store', STOP, ['ana', 'ben']);
    const row = await stack.ended('survey-store');
    assert.equal(row.outcome, 'needs-human');
    assert.match(row.reasons.join(), /changed by somebody who may not/);
    assert.deepEqual(await stack.effects('survey-store'), []);
  });

  it('alters the request after people agreed to another one: their signatures do not fit', async () => {
    const approval = await stack.request('checkout-old');
    assert.equal(approval.options.find((o) => o.optionId === STOP)?.requiredApprovals, 2);
    await stack.person.approve(approval, 'ana', STOP);
    await eventually(
      'the press is recorded',
      async () => (await stack.store.approvals.decisionsOn(approval.approvalId)).length > 0,
    );
    await attacker
      .rows('approvals')
      .updateOne(
        { _id: approval.approvalId },
        { $set: { 'options.$[].requiredApprovals': 1, ownerSubject: 'x@acme.example' } },
      );
    await stack.person.approve(approval, 'ben', STOP);
    const row = await stack.ended('checkout-old');
    assert.equal(row.outcome, 'blocked-by-policy', row.reasons.join('; '));
    assert.match(row.reasons.join(), /signature-of-something-else:ana/);
    const told = (await trailOf(stack, 'checkout-old')).filter((r) => r.type === 'SECURITY');
    assert.match(JSON.stringify(told[0]?.payload), /forged-record/);
    assert.deepEqual(await stack.effects('checkout-old'), []);
  });

  it('writes that the change has begun: no gate is skipped', async () => {
    const approval = await stack.request('kiosk-idle');
    const digest = approval.options.find((o) => o.optionId === STOP)?.planDigest;
    await attacker.rows('evidence').insertOne({ _id: `${digest}/apply/begun`, body: { step: 'stop' } });
    await stack.approve('kiosk-idle', STOP, ['ana', 'ben']);
    const row = await stack.ended('kiosk-idle');
    assert.equal(row.outcome, 'needs-human');
    assert.match(row.reasons.join(), /forged:apply\/begun/);
    assert.deepEqual(await stack.effects('kiosk-idle'), []);
  });

  it('sets an account that is only observed to automate: it stays observed', async () => {
    const { accountId, region } = stack.asset('lab-idle-1');
    for (const id of [JSON.stringify(['phase', accountId, region]), JSON.stringify(['phase', accountId, null])])
      await attacker.rows('settings').insertOne({ _id: id, phase: 'automate', by: 'x', at: new Date().toISOString() });
    await attacker.rows('ledger').deleteMany({});
    await stack.sweep({ at: { accountId, region } });
    const row = await stack.ended('lab-idle-1');
    assert.equal(row.outcome, 'observed');
    assert.deepEqual(await stack.effects('lab-idle-1'), []);
  });

  it('lets go of the kill switch by deleting it, by writing it off, and by an event without a key: it holds', async () => {
    const on = await stack.cli('kill-switch', 'on', '--as', 'cleo@acme.example');
    assert.equal(on.code, 0, on.stderr);
    await attacker.rows('settings').deleteMany({ _id: 'kill-switch' });
    const at = new Date().toISOString();
    await attacker.rows('settings').insertOne({ _id: 'kill-switch', on: false, by: 'cleo@acme.example', at });
    await attacker.trail.append({
      stream: 'config',
      eventId: `KILL_SWITCH/${at}/cleo@acme.example`,
      type: 'KILL_SWITCH',
      at,
      actor: { kind: 'human', id: 'cleo@acme.example' },
      subject: 'settings',
      payload: { state: 'off', at, signature: null },
    });
    await stack.approve('edge-kev-1', STOP, ['ana', 'ben']);
    const row = await stack.ended('edge-kev-1');
    assert.equal(row.outcome, 'blocked-by-policy');
    assert.match(row.reasons.join(), /forbid-kill-switch/);
    assert.deepEqual(await stack.effects('edge-kev-1'), []);

    const off = await stack.cli('kill-switch', 'off', '--as', 'cleo@acme.example');
    assert.equal(off.code, 0, off.stderr);
    await stack.approve('seasonal-idle-1', STOP, ['ana', 'ben']);
    assert.equal((await stack.ended('seasonal-idle-1')).outcome, 'remediated', 'the right people still can');
  });

  it('keeps every invariant', () => assertInvariants(stack));
});
