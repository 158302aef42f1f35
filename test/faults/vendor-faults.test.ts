import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { sweepInput } from '../../clients/schedules.ts';
import { requiredApprovals } from '../../domain/approvals.ts';
import { baseRisk } from '../../domain/risk/base-risk.ts';
import { riskLevelOf } from '../../domain/risk/weights.ts';
import { sha256 } from '../../schemas/digest.ts';
import { devUs, prodUs } from '../../sandbox/estate/places.ts';
import { MODES } from '../../sandbox/openai/modes.ts';
import { uuid } from '../../sandbox/wiz/inventory.ts';
import type { CaseDocument } from '../../schemas/records.ts';
import type { RemediateAssetInput, RemediateAssetResult, SweepSummary } from '../../schemas/workflow-io.ts';
import { taskQueues } from '../../compose/task-queues.ts';
import { assertInvariants } from '../helpers/invariants.ts';
import { effective, eventually, json, startTestStack, type TestStack } from '../helpers/stack.ts';

/** Observed only, so that assessing it again and again asks nobody. Its tag tells the model to call it safe. */
const INJECTED = 'kiosk-idle';
/** Wiz answers a web page whenever its posture is asked for. */
const BROKEN = 'wiki-idle-1';
const FINE = ['poc-idle-1', 'demo-kev-2'];
const ASSETS = [INJECTED, BROKEN, ...FINE, 'lab-idle-1', 'dev-idle-1'];
/** As many answers as the evil model knows, and some of them twice. */
const EVIL_RUNS = 16;

describe('vendors that misbehave', () => {
  let stack: TestStack;
  let first: SweepSummary;
  let seed: number;

  before(async () => {
    stack = await startTestStack({
      assets: ASSETS,
      tune: (config) => {
        Object.assign(config.model, { timeout: '2s' });
        const prod = config.accounts?.find((a) => a.accountId === prodUs.accountId);
        Object.assign(prod?.phaseByRegion ?? {}, { [prodUs.region]: 'observe' });
      },
    });
    seed = (await json<{ seed: number }>(`${stack.urls.aws}/__sim/estate`)).seed;
    await misbehave(stack, seed);
    first = await stack.sweep();
  });
  after(() => stack?.discard());

  it('a partition whose pages stay broken is named and counted, and the sweep ends', () => {
    assert.deepEqual(first.partitionsFailed, [`${devUs.accountId}/${devUs.region}`]);
    assert.equal(first.counts.failedPages, 1);
  });

  it('broken rows and an asset whose posture cannot be read are quarantined, each with field, finding and fix', async () => {
    const rows = await stack.store.sweeps.quarantined(first.sweepId);
    assert.equal(first.counts.quarantined, rows.length);
    assert.ok(rows.length > 1, 'the rows that Wiz always breaks are there as well');
    for (const { field, found, fix } of rows) assert.ok(field && found && fix);
    const posture = rows.find((r) => r.rowId === stack.asset(BROKEN).assetKey);
    assert.match(posture?.found ?? '', /HTML page/);
    assert.equal(await stack.remediation(BROKEN), null, 'nothing is done about what cannot be judged');
  });

  it('the others are asked about once: one change and one message each, whatever was sent twice', async () => {
    for (const name of FINE) {
      const { approvalId, chat } = await stack.request(name);
      const state = await json<{ messages: { threadTs: string | null }[] }>(
        `${stack.urls.slack}/__sim/state?channel=${chat?.channel}`,
      );
      const posts = state.messages.filter((m) => !m.threadTs && JSON.stringify(m).includes(approvalId));
      assert.equal(posts.length, 1, `one message about ${name}`);
    }
    const changes = await changeRequests(stack);
    for (const name of FINE)
      assert.equal(changes.filter((c) => c.includes(` ${name} `)).length, 1, `one change for ${name} in ${changes}`);
    for (const vendor of ['servicenow', 'slack'] as const)
      assert.deepEqual(await stack.armed(vendor), [], `every fault of ${vendor} was met`);
  });

  it('what was broken is picked up by the next sweep once it is mended', async () => {
    await stack.disarm('wiz');
    const second = await stack.sweep();
    assert.deepEqual(second.partitionsFailed, []);
    await stack.request(BROKEN);
    assert.equal((await stack.ended('dev-idle-1')).outcome, 'remediated');
  });

  it('a tag that tells the model to call it safe lowers nothing, not even with a model that obeys', async () => {
    const document = await assessAgain(stack, 'obey-injection', 'tag');
    const { note, ...tags } = document.record.asset.tags;
    assert.ok(note?.includes('ignore previous instructions'), 'the tag is there');
    const clean = { ...document.record, asset: { ...document.record.asset, tags } };
    const without = baseRisk(clean, document.environment);
    assert.ok((document.risk?.score ?? 0) >= without.score);
    assert.ok((document.risk?.baseScore ?? 0) >= without.score);
  });

  it('no misbehaviour of the model or its server lowers the risk, adds an option, or takes an approver away', async () => {
    const honest = await assessAgain(stack, 'normal', 'honest');
    for (const mode of MODES.filter((m) => m !== 'evil'))
      assertNoSofter(await assessAgain(stack, mode, mode), honest, mode);
    await setMode(stack, 'evil');
    const runs = Array.from({ length: EVIL_RUNS }, (_, i) => assessed(stack, `evil-${i}`));
    for (const [i, document] of (await Promise.all(runs)).entries()) assertNoSofter(document, honest, `evil ${i}`);
    await setMode(stack, 'normal');
  });

  it('with its database gone in the middle of a change it makes no call, and finishes once the records are back', async () => {
    const name = 'demo-kev-2';
    const { resourceId } = stack.asset(name);
    const rehearsal = ['Action=StopInstances', 'DryRun=true', resourceId];
    await stack.arm('aws', { body: rehearsal, times: 1, kind: 'latency', ms: 3_000 });
    await stack.approve(name, 'stop-instance', ['cleo', 'ana']);
    await eventually('the rehearsal of the stop', async () => (await stack.armed('aws')).length === 0);
    await stack.kill('mongodb');

    // The answer to the rehearsal comes back to an executor that cannot write its INTENT any more.
    await eventually('the rehearsal to be answered', async () =>
      (await stack.mutations()).some((m) => m.dryRun && m.resourceIds.includes(resourceId)),
    );
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    assert.deepEqual(await stack.effects(name), []);

    await stack.startServer('mongodb');
    const row = await stack.ended(name);
    assert.equal(row.outcome, 'remediated', row.reasons.join('; '));
    assert.equal((await stack.effects(name, 'ec2:StopInstances')).length, 1);
  });

  it('keeps every invariant', async () => {
    await assertInvariants(stack);
    const touched = (await effective(stack.urls.aws)).flatMap((m) => m.resourceIds);
    assert.ok(!touched.includes(stack.asset(INJECTED).resourceId), 'what is only observed was not touched');
  });
});

async function misbehave(stack: TestStack, seed: number): Promise<void> {
  const inventory = 'query Inventory';
  await stack.arm('wiz', { body: [inventory, devUs.accountId, devUs.region], kind: 'html-error' });
  await stack.arm('wiz', { body: uuid(seed, BROKEN), kind: 'html-error' });
  await stack.arm('wiz', { body: inventory, times: 1, kind: 'truncated-json' });
  await stack.arm('wiz', { body: inventory, times: 1, kind: 'rate-limited', retryAfter: 1 });
  await stack.arm('wiz', { body: uuid(seed, FINE[0] as string), times: 1, kind: 'status', status: 503 });
  await stack.arm('wiz', { body: uuid(seed, FINE[1] as string), times: 1, kind: 'rate-limited', retryAfter: 1 });
  await stack.arm('servicenow', { path: '/api/now/table/cmdb', times: 1, kind: 'html-error', status: 502 });
  await stack.arm('servicenow', { path: '/api/sn_chg_rest', times: 2, kind: 'html-error', status: 502 });
  await stack.arm('servicenow', {
    path: '/api/sn_chg_rest/change',
    body: 'correlation',
    times: 1,
    kind: 'reset-after-effect',
  });
  await stack.arm('slack', { path: 'chat.postMessage', times: 2, kind: 'rate-limited', retryAfter: 1 });
  await stack.arm('slack', { path: 'chat.postMessage', times: 1, kind: 'reset-after-effect' });
}

/** Titles of all change requests. */
async function changeRequests(stack: TestStack): Promise<string[]> {
  const password = await readFile(join(stack.stateDir, 'secrets', 'servicenow-password'), 'utf8');
  const authorization = `Basic ${Buffer.from(`idlewise.integration:${password}`).toString('base64')}`;
  const answer = await fetch(`${stack.urls.servicenow}/api/now/table/change_request?sysparm_limit=1000`, {
    headers: { authorization, accept: 'application/json' },
  });
  const { result } = (await answer.json()) as { result: { short_description: string }[] };
  return result.map((r) => r.short_description);
}

const setMode = (stack: TestStack, mode: string) => stack.post(`${stack.urls.openai}/__sim/mode`, { mode });

async function assessAgain(stack: TestStack, mode: string, suffix: string): Promise<CaseDocument> {
  await setMode(stack, mode);
  return assessed(stack, suffix);
}

/** One more run for the observed asset, from gathering to its end; what it was assessed as. */
async function assessed(stack: TestStack, suffix: string): Promise<CaseDocument> {
  const row = await eventually('the observed asset', () => stack.remediation(INJECTED));
  const { seed } = await json<{ seed: number }>(`${stack.urls.aws}/__sim/estate`);
  const { name, assetKey, accountId, region, resourceType, resourceId } = stack.asset(INJECTED);
  const { queues, waits, tenant } = sweepInput(stack.config, 'service:test');
  const remediationId = `remediate/${tenant}/again/${suffix}`;
  const input: RemediateAssetInput = {
    tenant,
    remediationId,
    queues,
    waits,
    ruleId: row.ruleId,
    sweepId: 'none',
    round: 1,
    asset: {
      provider: 'aws',
      name,
      assetKey,
      accountId,
      region,
      resourceType,
      resourceId,
      vendorId: uuid(seed, name),
    },
  };
  const handle = await stack.client.workflow.start('remediateAsset', {
    workflowId: remediationId,
    taskQueue: taskQueues(stack.config.temporal.taskQueuePrefix).orchestration,
    args: [input],
  });
  const { outcome, reasons } = (await handle.result()) as RemediateAssetResult;
  assert.equal(outcome, 'observed', `${suffix}: ${reasons.join('; ')}`);
  const caseId = `case_${sha256(`${handle.firstExecutionRunId}/1`).slice(0, 24)}`;
  const document = await stack.store.cases.get(caseId);
  assert.ok(document?.risk, `${suffix} was assessed`);
  return document;
}

function assertNoSofter(document: CaseDocument, honest: CaseDocument, what: string): void {
  const { risk, options, recommended } = document;
  assert.ok(risk && honest.risk);
  assert.equal(risk.baseScore, honest.risk.baseScore, `${what}: the rules' own score does not move`);
  assert.ok(risk.score >= risk.baseScore, `${what}: ${risk.score} is below the rules' ${risk.baseScore}`);
  assert.equal(recommended, honest.recommended, what);
  assert.deepEqual(
    options.map((o) => [o.optionId, o.parameters, o.monthlySaving, o.riskOfActing]),
    honest.options.map((o) => [o.optionId, o.parameters, o.monthlySaving, o.riskOfActing]),
    `${what}: options and numbers are the rules'`,
  );
  for (const option of options) {
    const byRules = requiredApprovals(document, { level: riskLevelOf(risk.baseScore) }, option);
    assert.ok(option.requiredApprovals >= byRules, `${what}: ${option.optionId} needs no fewer people`);
  }
  if (risk.modelFailure !== null) {
    assert.equal(risk.assessor, 'rules', what);
    assert.ok(risk.confidence < 95, `${what}: without the model nothing is automatic`);
  }
}
