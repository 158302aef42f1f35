import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CloseInput } from '../../../activities/contracts.ts';
import { type CloseDeps, closeOut } from '../../../activities/notify/close-out.ts';
import { ProviderError } from '../../../ports/errors.ts';
import { Outcome } from '../../../schemas/outcome.ts';
import type { TicketStage } from '../../../schemas/ticket.ts';
import { memoryAudit, memoryRecords } from '../../helpers/memory-records.ts';
import { instanceFacts } from '../executor/facts.ts';
import { executionRig, NOW, REMEDIATION, testConfig } from './rig.ts';

/** Closing over scripted ticket, chat and scanner; `said` is what each of them was told, in order. */
async function closing(options: { ticket?: TicketStage | 'deleted'; asked?: boolean } = {}) {
  const { records: from } = await executionRig();
  const approval = from.approvals.get('approval-1');
  const records = memoryRecords();
  const audit = memoryAudit();
  const said: string[] = [];
  if (approval && options.asked !== false)
    records.approvals.set('approval-1', {
      ...approval,
      status: 'open',
      ticketId: 'sys1',
      chat: { channel: 'C1', messageTs: '1.2' },
    });
  const { ticket = 'awaiting-approval' } = options;
  const stage = (): TicketStage => {
    if (ticket !== 'deleted') return ticket;
    throw new ProviderError({ kind: 'not-found', provider: 'servicenow', operation: 'read', message: 'no record' });
  };
  const status = () => ({ stage: stage(), vendorState: stage(), closedBy: null });
  const deps: CloseDeps = {
    config: testConfig(),
    store: records.store,
    audit,
    clock: () => NOW,
    tickets: {
      vendor: 'scripted',
      check: async () => '',
      ensure: async () => assert.fail('no ticket is opened at the end'),
      status: async () => status(),
      async moveTo(_, to) {
        said.push(`ticket moved to ${to}`);
        return status();
      },
      async addNote() {
        stage();
        said.push('ticket note');
        return { created: true };
      },
      async close(_, { result }) {
        said.push(`ticket closed ${result}`);
        return status();
      },
    },
    chat: {
      vendor: 'scripted',
      check: async () => '',
      postApproval: async () => assert.fail('nobody is asked at the end'),
      replaceWithDecision: async () => void said.push('message replaced'),
      postToThread: async () => void said.push('thread'),
    },
    cnapp: {
      async addIssueNote({ issueId }) {
        said.push(`note on ${issueId}`);
        return { noteId: 'n', created: true };
      },
    },
  };
  const close = (change: Partial<CloseInput> = {}) =>
    closeOut(deps, {
      remediationId: REMEDIATION,
      runId: 'run-1',
      caseId: 'case-1',
      approvalId: options.asked === false ? null : 'approval-1',
      asset: { ...instanceFacts(), name: 'web-1', vendorId: 'wiz-1' },
      ruleId: 'ec2-idle',
      outcome: 'remediated',
      action: 'stop-instance',
      decidedBy: ['ann'],
      reasons: [],
      openIssueIds: ['issue-1'],
      ...change,
    });
  return { records, audit, said, close };
}

test('a success walks the ticket through, closes it, and tells message, thread and scanner', async () => {
  const w = await closing();
  await w.close();
  assert.deepEqual(w.said, [
    'ticket note',
    'ticket moved to scheduled',
    'ticket moved to implementing',
    'ticket moved to reviewing',
    'ticket closed successful',
    'message replaced',
    'thread',
    'note on issue-1',
  ]);
  assert.equal(w.records.remediations.get(REMEDIATION)?.stage, 'closed');
  assert.deepEqual(
    [w.records.ledger[0]?.kind, w.records.approvals.get('approval-1')?.status],
    ['remediated', 'decided'],
  );
});

test('a ticket that somebody ended already is not ended again', async () => {
  const w = await closing({ ticket: 'cancelled' });
  await w.close({ outcome: 'cancelled' });
  assert.deepEqual(w.said, ['ticket note', 'message replaced', 'thread', 'note on issue-1']);
  assert.equal(w.records.approvals.get('approval-1')?.status, 'cancelled');
});

test('a ticket that was deleted keeps nobody else from being told', async () => {
  const w = await closing({ ticket: 'deleted' });
  await w.close();
  assert.deepEqual(w.said, ['message replaced', 'thread', 'note on issue-1']);
  assert.equal(w.records.remediations.get(REMEDIATION)?.outcome, 'remediated');
});

test('every outcome is written to trail, ledger and read model, and only one of them is success', async () => {
  for (const outcome of Outcome.options) {
    const w = await closing();
    await w.close({ outcome });
    const closed = w.said.find((line) => line.startsWith('ticket closed'));
    assert.equal(closed === 'ticket closed successful', outcome === 'remediated', outcome);
    assert.equal(w.audit.entries[0]?.payload['outcome'], outcome);
    const until = Date.parse(w.records.ledger[0]?.until ?? '');
    assert.ok(until > NOW.getTime(), `${outcome}: the next sweep would start it again at once`);
  }
});

test('two runs of one remediation have an outcome each in the trail, also where nobody was asked', async () => {
  const w = await closing({ asked: false });
  for (const runId of ['run-1', 'run-2', 'run-2']) await w.close({ runId, caseId: null, outcome: 'already-gone' });
  assert.deepEqual(w.audit.types(), ['OUTCOME', 'OUTCOME']);
});
