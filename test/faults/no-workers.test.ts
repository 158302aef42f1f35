import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { approveAction } from '../../providers/chat/slack/buttons.ts';
import type { ApprovalRequest } from '../../schemas/decision.ts';
import { WORKER_ROLES } from '../../compose/task-queues.ts';
import { assertInvariants } from '../helpers/invariants.ts';
import { eventually, startTestStack, type TestStack } from '../helpers/stack.ts';

const STOP = 'ec2:StopInstances';
const ASSETS = ['report-idle-1', 'checkout-old', 'wiki-idle-1', 'survey-store', 'demo-kev-2'];

describe('nobody is there to do the work', () => {
  let stack: TestStack;

  before(async () => {
    stack = await startTestStack({ assets: ASSETS });
    await stack.sweep();
    for (const name of ASSETS) await stack.request(name);
  });
  after(async () => {
    const { stateDir } = stack;
    await stack.discard();
    await rm(stateDir, { recursive: true, force: true });
  });

  it('an approval pressed while every worker is dead is acknowledged, recorded, and honoured once they are back', async () => {
    const alone = await stack.request('report-idle-1');
    const shared = await stack.request('checkout-old');
    await stack.kill(...WORKER_ROLES);

    const status = await interact(stack, alone, 'ana');
    assert.equal(status, 200, 'Slack is answered in time');
    await interact(stack, shared, 'ana');
    const notes = await told(stack, alone, 'U0ANA', 'not running its workers right now');
    assert.match(notes, /recorded/);
    await eventually('both approvals on record', async () => {
      const [one, two] = await Promise.all(
        [alone, shared].map((request) => stack.store.approvals.decisionsOn(request.approvalId)),
      );
      return one?.length === 1 && two?.length === 1;
    });
    assert.deepEqual(await stack.effects('report-idle-1'), []);

    await stack.startWorkers();
    const row = await stack.ended('report-idle-1');
    assert.equal(row.outcome, 'remediated', row.reasons.join('; '));
    assert.equal((await stack.effects('report-idle-1', STOP)).length, 1);
    await eventually('the message to say who decided', async () => (await messageText(stack, alone)).includes('Ana'));

    // One of the two whom production needs had said yes in the dark; it counts beside the other's.
    assert.deepEqual(await stack.effects('checkout-old'), []);
    await interact(stack, shared, 'ben');
    assert.equal((await stack.ended('checkout-old')).outcome, 'remediated');
    assert.equal((await stack.effects('checkout-old', STOP)).length, 1);
  });

  it('without its records it takes no approval and says so; without the server it keeps the approval until it is back', async () => {
    const request = await stack.request('survey-store');
    await stack.kill('temporal', 'mongodb');

    assert.equal(await interact(stack, request, 'ana'), 200);
    await told(stack, request, 'U0ANA', '(records-unavailable)');

    await stack.startServer('mongodb');
    await eventually('the records to answer', () => stack.store.approvals.get(request.approvalId));
    await interact(stack, request, 'ana');
    await interact(stack, request, 'cleo');
    await eventually('both approvals on record', async () => {
      return (await stack.store.approvals.decisionsOn(request.approvalId)).length === 2;
    });
    assert.deepEqual(await stack.effects('survey-store'), []);

    await stack.startServer('temporal');
    const row = await stack.ended('survey-store');
    assert.equal(row.outcome, 'remediated', row.reasons.join('; '));
    assert.equal((await stack.effects('survey-store', STOP)).length, 1);
  });

  it('after a restart of everything, waiting runs point at assets that are still there, and can be approved', async () => {
    const before = await stack.request('demo-kev-2');
    const { assetKey } = stack.asset('demo-kev-2');
    const { stateDir } = stack;
    await stack.stop();
    stack = await startTestStack({ assets: ASSETS, stateDir });

    assert.equal(stack.asset('demo-kev-2').assetKey, assetKey);
    assert.equal((await stack.remediation('wiki-idle-1'))?.stage, 'awaiting-decision');
    const request = await stack.approve('demo-kev-2', 'stop-instance', ['cleo', 'ana']);
    assert.equal(request.approvalId, before.approvalId, 'the same request as before');
    const row = await stack.ended('demo-kev-2');
    assert.equal(row.outcome, 'remediated', row.reasons.join('; '));
    assert.equal((await stack.effects('demo-kev-2', STOP)).length, 1);
    assert.equal((await stack.effects('report-idle-1', STOP)).length, 1, 'nothing was done a second time');
  });

  it('keeps every invariant', () => assertInvariants(stack));
});

async function interact(stack: TestStack, { chat }: ApprovalRequest, user: string): Promise<number> {
  const { status } = await stack.post<{ status: number }>(`${stack.urls.slack}/__sim/interact`, {
    user,
    ...chat,
    actionId: approveAction('stop-instance'),
  });
  return status;
}

/** The note to this person that contains `part`, once it is there. */
function told(stack: TestStack, { chat }: ApprovalRequest, user: string, part: string): Promise<string> {
  return eventually(`a note with "${part}"`, async () =>
    (await stack.notes(user, chat?.channel ?? '')).find((note) => note.includes(part)),
  );
}

async function messageText(stack: TestStack, { chat }: ApprovalRequest): Promise<string> {
  const state = await (await fetch(`${stack.urls.slack}/__sim/state?channel=${chat?.channel}`)).json();
  const { messages } = state as { messages: { ts: string }[] };
  return JSON.stringify(messages.find((m) => m.ts === chat?.messageTs));
}
