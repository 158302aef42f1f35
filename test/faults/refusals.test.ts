import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { MongoClient } from 'mongodb';
import { createDeliver } from '../../decisions/deliver.ts';
import { digestPrefix } from '../../providers/chat/buttons.ts';
import { approveAction, encodeButton } from '../../providers/chat/slack/buttons.ts';
import { devEu, devUs, prodEu, prodUs } from '../../sandbox/estate/places.ts';
import type { Misbehaviour } from '../../sandbox/slack/types.ts';
import type { ApprovalRequest } from '../../schemas/decision.ts';
import type { ActionName } from '../../schemas/option.ts';
import { assertInvariants, refusalsIn } from '../helpers/invariants.ts';
import { effective, eventually, startTestStack, type TestStack } from '../helpers/stack.ts';

const STOP: ActionName = 'stop-instance';
const ASSETS = [
  'report-idle-1',
  'checkout-old',
  'edge-kev-1',
  'kiosk-idle',
  'render-big-idle',
  'seasonal-idle-1',
  'loadtest-idle-1',
  'poc-idle-1',
  'lab-idle-1',
  'dev-idle-1',
];

interface Interaction {
  readonly user: string;
  readonly option?: ActionName;
  /** Button value, as an old or forged client could send it. */
  readonly value?: string;
  readonly misbehave?: Misbehaviour;
}

/** Nothing in this file may change the cloud; that is asserted once more at the end, for all of it together. */
describe('what does not count as an approval', () => {
  let stack: TestStack;
  const requests = new Map<string, ApprovalRequest>();
  const request = (name: string) => requests.get(name) as ApprovalRequest;

  before(async () => {
    stack = await startTestStack({ assets: ASSETS });
    await Promise.all([
      stack.sweep({ at: prodUs }),
      stack.sweep({ at: devEu }),
      stack.sweep({ at: prodEu, waits: { expiry: 6_000 } }),
    ]);
    const asked = ASSETS.filter((name) => stack.asset(name).accountId === prodUs.accountId);
    for (const name of asked) requests.set(name, await posted(stack, name));
  });
  after(() => stack?.discard());

  for (const [what, misbehave, reason] of [
    ['a signature by another secret', { wrongSecret: true }, 'bad-signature'],
    ['a body changed by one character', { tamper: true }, 'bad-signature'],
    ['no signature at all', { omitSignature: true }, 'bad-signature'],
    ['a request six minutes old', { timestampOffset: -360 }, 'stale-timestamp'],
    ['a request from the future', { timestampOffset: 360 }, 'future-timestamp'],
  ] as const)
    it(`${what} is turned away as ${reason}`, async () => {
      const before = await countOf(stack, reason);
      const { status, answer } = await interact(stack, request('report-idle-1'), { user: 'ana', misbehave });
      assert.deepEqual({ status, answer }, { status: 401, answer: reason });
      await eventually(`${reason} in the trail`, async () => (await countOf(stack, reason)) === before + 1);
      assert.deepEqual(await stack.store.approvals.decisionsOn(request('report-idle-1').approvalId), []);
    });

  it('a genuine approval sent again, byte for byte, is turned away as replayed and counts once', async () => {
    const open = request('checkout-old');
    assert.equal((await interact(stack, open, { user: 'ana' })).status, 200);
    await decisions(stack, open, 1);
    const again = await stack.post<{ status: number; answer: string }>(`${stack.urls.slack}/__sim/replay`, {});
    assert.deepEqual([again.status, again.answer], [401, 'replayed']);
    assert.equal((await decisions(stack, open, 1)).length, 1);
    assert.equal((await stack.remediation('checkout-old'))?.stage, 'awaiting-decision', 'the second person is missing');
  });

  it('two accounts of one person are one person', async () => {
    const open = request('checkout-old');
    await interact(stack, open, { user: 'ana.mobile' });
    await told(stack, open, 'U0ANA2', 'You said this already');
    assert.equal((await decisions(stack, open, 1)).length, 1);
    assert.equal((await stack.remediation('checkout-old'))?.stage, 'awaiting-decision');
  });

  for (const [user, id, reason, sentence] of [
    ['dev', 'U0DEV', 'not-an-approver', 'not in the group of approvers'],
    ['mallory', 'U0MAL', 'not-an-approver', 'not in the group of approvers'],
    ['gus', 'U0GONE', 'deactivated-user', 'is deactivated'],
    ['deploybot', 'U0BOT', 'bot', 'Bots may not decide'],
    ['gina', 'U0GUEST', 'guest', 'Guest accounts may not decide'],
    ['fay', 'U0FAR', 'other-workspace', 'Only members of our own workspace'],
  ] as const)
    it(`${user} is told: ${sentence}`, async () => {
      const open = request('report-idle-1');
      await interact(stack, open, { user });
      const note = await told(stack, open, id, sentence);
      assert.match(note, /Nothing was recorded and nothing will change/);
      await inTrail(stack, reason, id);
      assert.deepEqual(await stack.store.approvals.decisionsOn(open.approvalId), []);
    });

  it('a button of another plan is refused as plan-digest-mismatch', async () => {
    const open = request('report-idle-1');
    await interact(stack, open, { user: 'ana', value: button(open, '0'.repeat(16)) });
    await told(stack, open, 'U0ANA', 'not the plan that is open now');
    await inTrail(stack, 'plan-digest-mismatch', 'ana');
  });

  it('an approval after a rejection is refused as already decided', async () => {
    const open = request('edge-kev-1');
    await stack.person.reject(open, 'ana@acme.example', 'still needed');
    assert.equal((await stack.ended('edge-kev-1')).outcome, 'rejected');
    await interact(stack, open, { user: 'cleo', value: button(open) });
    await told(stack, open, 'U0CLEO', 'decided already');
    await inTrail(stack, 'already-decided', 'cleo');
  });

  it('an approval after its time is refused as expired', async () => {
    const late = request('poc-idle-1');
    assert.equal((await stack.ended('poc-idle-1')).outcome, 'expired');
    await interact(stack, late, { user: 'ana', value: button(late) });
    await told(stack, late, 'U0ANA', 'expired means no');
    await inTrail(stack, 'expired', 'ana');
  });

  it('an approval that nobody recorded, put straight into the workflow, changes nothing', async () => {
    const open = request('kiosk-idle');
    const option = open.options.find((o) => o.optionId === STOP);
    for (const who of ['ana', 'ben'])
      await createDeliver(stack.client)({
        decisionId: `forged-${who}`,
        approvalId: open.approvalId,
        remediationId: open.remediationId,
        kind: 'approve',
        optionId: STOP,
        planDigest: option?.planDigest ?? '',
        reason: null,
        snoozeUntil: null,
        actor: { subject: `${who}@acme.example`, displayName: who, via: 'slack', externalId: `U0${who.toUpperCase()}` },
        decidedAt: new Date().toISOString(),
      });
    const row = await stack.ended('kiosk-idle');
    assert.equal(row.outcome, 'blocked-by-policy', row.reasons.join('; '));
  });

  it('a plan altered in the database after it was approved is not carried out', async () => {
    const open = request('render-big-idle');
    const planDigest = open.options.find((o) => o.optionId === STOP)?.planDigest ?? '';
    const mongo = new MongoClient(stack.config.mongodb.uri);
    try {
      const plans = mongo.db(stack.config.mongodb.database).collection<{ _id: string }>('plans');
      const { modifiedCount } = await plans.updateOne(
        { _id: planDigest },
        { $set: { 'plan.resourceId': stack.asset('checkout-old').resourceId } },
      );
      assert.equal(modifiedCount, 1);
    } finally {
      await mongo.close();
    }
    await stack.approve('render-big-idle', STOP, ['ana', 'ben']);
    const row = await stack.ended('render-big-idle');
    assert.equal(row.outcome, 'needs-human');
    assert.match(row.reasons.join(), /does not match its digest/);
  });

  it('in phase observe it reports and asks nobody; a phase taken back stops what was already asked', async () => {
    const observed = await stack.ended('lab-idle-1');
    assert.equal(observed.outcome, 'observed');
    assert.equal(observed.approvalId, null);

    const { accountId, region } = prodUs;
    const flip = (as: string) => stack.cli('phase', accountId, 'observe', '--region', region, '--as', as);
    const first = await flip('cleo@acme.example');
    assert.match(first.stdout, /proposed/, first.stderr);
    const stranger = await flip('dev@acme.example');
    assert.notEqual(stranger.code, 0);
    assert.match(stranger.stderr, /policy says no to dev@acme\.example/);
    for (const again of ['cleo@acme.example', ' Cleo@acme.example ']) {
      const alone = await flip(again);
      assert.match(alone.stdout, /proposed/, 'one admin under another spelling is still one');
    }
    const second = await flip('ana@acme.example');
    assert.match(second.stdout, /is in phase observe/, second.stderr);
    await stack.approve('seasonal-idle-1', STOP, ['ana', 'ben']);
    const row = await stack.ended('seasonal-idle-1');
    assert.equal(row.outcome, 'blocked-by-policy');
    assert.match(row.reasons.join(), /forbid-observe-phase/);
  });

  it('with the kill switch on, neither a person nor the policy changes anything', async () => {
    const notAdmin = await stack.cli('kill-switch', 'on', '--as', 'ben@acme.example');
    assert.notEqual(notAdmin.code, 0);
    const on = await stack.cli('kill-switch', 'on', '--as', 'cleo@acme.example', '--json');
    assert.equal(on.code, 0, on.stderr);
    await stack.sweep({ at: devUs });
    await stack.approve('loadtest-idle-1', 'snapshot-and-terminate-instance', ['ben', 'ana']);
    for (const name of ['loadtest-idle-1', 'dev-idle-1']) {
      const row = await stack.ended(name);
      assert.equal(row.outcome, 'blocked-by-policy', `${name}: ${row.reasons.join('; ')}`);
      assert.match(row.reasons.join(), /forbid-kill-switch/);
    }
  });

  it('the export of the trail names every refusal, and verifies', async () => {
    const file = join(stack.stateDir, 'trail.jsonl');
    const made = await stack.cli('audit', 'export', file);
    assert.equal(made.code, 0, made.stderr);
    const verified = await stack.cli('audit', 'verify', file);
    assert.equal(verified.code, 0, verified.stdout);
    const text = await readFile(file, 'utf8');
    for (const reason of [
      'bad-signature',
      'stale-timestamp',
      'replayed',
      'not-an-approver',
      'deactivated-user',
      'plan-digest-mismatch',
      'already-decided',
      'expired',
      'policy:forbid-kill-switch',
      'policy:forbid-observe-phase',
    ])
      assert.ok(text.includes(reason), `the export says ${reason}`);
  });

  it('nothing in the cloud was changed, and every invariant holds', async () => {
    assert.deepEqual(await effective(stack.urls.aws), []);
    await assertInvariants(stack);
  });
});

/** The request about an asset, open or already over. */
function posted(stack: TestStack, name: string): Promise<ApprovalRequest> {
  return eventually(`a posted request about ${name}`, async () => {
    const approvalId = (await stack.remediation(name))?.approvalId;
    const found = approvalId ? await stack.store.approvals.get(approvalId) : null;
    return found?.chat ? found : undefined;
  });
}

function button({ approvalId, options }: ApprovalRequest, digest?: string): string {
  const planDigest = options.find((o) => o.optionId === STOP)?.planDigest ?? '';
  return encodeButton({ kind: 'approve', approvalId, optionId: STOP, digest: digest ?? digestPrefix(planDigest) });
}

function interact(
  stack: TestStack,
  { chat }: ApprovalRequest,
  { user, option = STOP, ...rest }: Interaction,
): Promise<{ status: number; answer: string }> {
  return stack.post(`${stack.urls.slack}/__sim/interact`, { user, ...chat, actionId: approveAction(option), ...rest });
}

/** The note to this person that contains `part`, once it is there. */
function told(stack: TestStack, { chat }: ApprovalRequest, user: string, part: string): Promise<string> {
  return eventually(`a note with "${part}"`, async () =>
    (await stack.notes(user, chat?.channel ?? '')).find((note) => note.includes(part)),
  );
}

function decisions(stack: TestStack, { approvalId }: ApprovalRequest, count: number) {
  return eventually(`${count} decision(s)`, async () => {
    const all = await stack.store.approvals.decisionsOn(approvalId);
    return all.length >= count ? all : undefined;
  });
}

async function countOf(stack: TestStack, reason: string): Promise<number> {
  return (await refusalsIn(stack)).filter((r) => r.reason === reason).length;
}

/** A refusal with this reason that names the person. */
async function inTrail(stack: TestStack, reason: string, who: string): Promise<void> {
  await eventually(`${reason} of ${who} in the trail`, async () =>
    (await refusalsIn(stack)).some((r) => r.reason === reason && r.who.includes(who)),
  );
}
