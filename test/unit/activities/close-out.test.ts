import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CloseInput } from '../../../activities/contracts.ts';
import { type CloseDeps, closeOut } from '../../../activities/notify/close-out.ts';
import { decisionEvent } from '../../../ports/decision-trail.ts';
import { executionStatement } from '../../../ports/statements.ts';
import type { AuditEntry } from '../../../schemas/audit.ts';
import type { Decision } from '../../../schemas/decision.ts';
import { ProviderError } from '../../../ports/errors.ts';
import { Outcome } from '../../../schemas/outcome.ts';
import type { TicketStage } from '../../../schemas/ticket.ts';
import { memoryAudit, memoryRecords } from '../../helpers/memory-records.ts';
import { instanceFacts } from '../executor/facts.ts';
import { ROLE_KEYS, signedDecision } from '../../helpers/signing.ts';
import { executionRig, NOW, REMEDIATION, testConfig } from './rig.ts';

/** As the executor leaves it in the trail. */
function signedIntent(): AuditEntry {
  const body = { step: 'stop', planDigest: 'd'.repeat(64) };
  const note = { remediationId: REMEDIATION, planDigest: body.planDigest, about: 'INTENT/stop', body };
  const signature = ROLE_KEYS.signers['role:execute'].sign('execution', executionStatement(note));
  return {
    stream: `remediation/${REMEDIATION}`,
    eventId: 'intent',
    type: 'INTENT',
    at: NOW.toISOString(),
    actor: { kind: 'service', id: 'idlewise' },
    subject: REMEDIATION,
    payload: { ...body, signature },
  };
}

/** Closing over scripted ticket, chat and scanner; `said` is what each of them was told, in order. */
async function closing(options: { ticket?: TicketStage | 'deleted'; asked?: boolean; changed?: boolean } = {}) {
  const { records: from } = await executionRig();
  const approval = from.approvals.get('approval-1');
  const records = memoryRecords();
  const audit = memoryAudit();
  const said: string[] = [];
  if (options.changed !== false) await audit.append(signedIntent());
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
    verifier: ROLE_KEYS.verifier,
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
    assert.equal(w.audit.entries.find((e) => e.type === 'OUTCOME')?.payload['outcome'], outcome);
    const until = Date.parse(w.records.ledger[0]?.until ?? '');
    assert.ok(until > NOW.getTime(), `${outcome}: the next sweep would start it again at once`);
  }
});

test('two runs of one remediation have an outcome each in the trail, also where nobody was asked', async () => {
  const w = await closing({ asked: false });
  for (const runId of ['run-1', 'run-2', 'run-2']) await w.close({ runId, caseId: null, outcome: 'already-gone' });
  assert.deepEqual(w.audit.types(), ['INTENT', 'OUTCOME', 'OUTCOME']);
});

test('names that nobody signed for are not told, and a change that no executor signed is not claimed', async () => {
  const invented = await closing({ changed: false });
  await invented.close({ decidedBy: ['The Board'] });
  const [outcome] = invented.audit.entries.filter((e) => e.type === 'OUTCOME');
  assert.deepEqual(outcome?.payload['decidedBy'], []);
  assert.equal(outcome?.payload['outcome'], 'needs-human');
  assert.equal(invented.records.remediations.get(REMEDIATION)?.outcome, 'needs-human');

  const w = await closing();
  const approval = w.records.approvals.get('approval-1') ?? assert.fail('no approval');
  const said = (name: string): Decision => ({
    decisionId: `d-${name}`,
    approvalId: 'approval-1',
    remediationId: REMEDIATION,
    kind: 'approve',
    optionId: 'stop-instance',
    planDigest: 'd'.repeat(64),
    reason: null,
    snoozeUntil: null,
    actor: { subject: `${name}@example.com`, displayName: name, via: 'slack', externalId: name },
    decidedAt: '2026-03-02T08:00:00.000Z',
  });
  const actor = { kind: 'human', id: 'x' } as const;
  await w.audit.append(
    decisionEvent(signedDecision(said('ann'), approval, ROLE_KEYS.signers['role:slack']), { actor, about: {} }),
  );
  await w.audit.append(decisionEvent(said('mallory'), { actor, about: {} }));
  await w.close({ decidedBy: ['mallory'] });
  assert.deepEqual(w.audit.entries.find((e) => e.type === 'OUTCOME')?.payload['decidedBy'], ['ann']);
});
