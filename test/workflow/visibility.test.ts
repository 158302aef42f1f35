import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RawWorkflowExecutionInfo } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { SearchAttributes } from '../../domain/search-attributes.ts';
import { eventually, type Rig, remediation, startRig } from '../helpers/workflow.ts';
import { TICKET } from '../helpers/workflow-script.ts';

const MAX_EVENTS = 70;
const MAX_BYTES = 24 * 1024;

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig.stop());

test('a waiting run can be found by stage, risk, team and ticket, and says until when it waits', async () => {
  await using run = await remediation(rig, { id: 'remediate/test/visible/ec2-idle' });
  await run.stage('awaiting-decision');
  const query = `stage = "awaiting-decision" AND riskLevel = "low" AND ownerTeam = "web" AND ticketId = "${TICKET.number}"`;
  const found = await eventually('the run is listed', async () => {
    for await (const row of rig.client.workflow.list({ query })) return row;
    return null;
  });
  assert.equal(found.workflowId, 'remediate/test/visible/ec2-idle');
  const due = found.typedSearchAttributes.get(SearchAttributes.decisionDueAt);
  assert.ok(due instanceof Date && due.getTime() > Date.now() && due.getTime() <= Date.now() + 60_000);

  await run.decide();
  await run.handle.result();
  const described = await run.handle.describe();
  assert.equal(described.typedSearchAttributes.get(SearchAttributes.stage), 'closed');
  assert.equal(await described.staticSummary(), 'web-1: ec2-idle');
});

test('its current details read like a report', async () => {
  await using run = await remediation(rig);
  await run.stage('awaiting-decision');
  const { currentDetails } = (await run.handle.query('__temporal_workflow_metadata')) as { currentDetails: string };
  for (const part of [/waiting.*decision/i, /web-1/, /\*\*low\*\* \(15/, /\[CHG0030001\]/, /silence means no/i])
    assert.match(currentDetails, part);
  await run.handle.terminate();
});

test(`a plain approved run leaves at most ${MAX_EVENTS} events and ${MAX_BYTES} bytes`, async (t) => {
  let [events, bytes] = [Number.POSITIVE_INFINITY, 0];
  // A machine that is busy adds retried workflow tasks: the best of three is what the code costs.
  for (let attempt = 1; attempt <= 3 && events > MAX_EVENTS; attempt++) [events, bytes] = await plainRun(attempt);
  t.diagnostic(`${events} events, ${bytes} bytes`);
  assert.ok(events > 20 && events <= MAX_EVENTS, `${events} events`);
  assert.ok(bytes > 4_000 && bytes <= MAX_BYTES, `${bytes} bytes`);
});

test('activities and timers say what they are for', async () => {
  await using run = await remediation(rig);
  await run.stage('awaiting-decision');
  await run.decide();
  await run.handle.result();
  const { events } = await run.handle.fetchHistory();
  const unnamed = (events ?? [])
    .filter((e) => e.activityTaskScheduledEventAttributes || e.timerStartedEventAttributes)
    .filter((e) => !e.userMetadata?.summary);
  assert.deepEqual(
    unnamed.map((e) => e.eventType),
    [],
  );
  const summaries = (events ?? []).flatMap((e) =>
    e.userMetadata?.summary ? [defaultPayloadConverter.fromPayload<string>(e.userMetadata.summary)] : [],
  );
  assert.ok(summaries.includes('The change, under credentials for it alone'), summaries.join('\n'));
});

/** Ids as long as real ones: they are in many events. */
async function plainRun(attempt: number): Promise<[number, number]> {
  const approvalId = 'apr_0123456789abcdef01234567';
  await using run = await remediation(rig, {
    id: `remediate/acme/arn:aws:ec2:eu-west-1:111111111111:instance/i-0123456789abcde${attempt}/ec2-instance-idle`,
    script: { askForDecision: async () => ({ approvalId, ticket: TICKET, warnings: [] }) },
  });
  await run.stage('awaiting-decision');
  await run.decide({
    approvalId,
    decisionId: 'slack_0123456789abcdef0123456789abcdef',
    actor: { subject: 'ana.silva@acme.example', displayName: 'Ana Silva', via: 'slack', externalId: 'U0123456789' },
  });
  await run.handle.result();
  const info: RawWorkflowExecutionInfo = (await run.handle.describe()).raw.workflowExecutionInfo ?? {};
  return [Number(info.historyLength), Number(info.historySizeBytes)];
}
