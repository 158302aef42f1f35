import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { MongoClient } from 'mongodb';
import { CANARIES, CANARY_STRINGS } from '../../sandbox/estate/canaries.ts';
import { assertInvariants } from '../helpers/invariants.ts';
import { eventually, startTestStack, type TestStack } from '../helpers/stack.ts';

/** Names and ids that say who, not secrets that prove it. */
const PUBLIC = new Set([
  'servicenow-user',
  'wiz-client-id',
  'aws-read-key',
  'aws-executor-key',
  'estate-settings.json',
]);
const SETTLED = new Set(['awaiting-decision', 'snoozed', 'awaiting-bill', 'closed']);

describe('what leaves the house, and what is written down', () => {
  let stack: TestStack;
  let histories: { assess: string; all: string };

  before(async () => {
    stack = await startTestStack({ canaries: true });
    const { counts } = await stack.sweep();
    await stack.approve(CANARIES.assetName, 'stop-instance', ['ana', 'ben']);
    await stack.ended(CANARIES.assetName);
    await eventually('every run to have been assessed and asked', async () => {
      const rows = await stack.store.remediations.list({ limit: 10_000 });
      return rows.length >= counts.started && rows.every((r) => SETTLED.has(r.stage));
    });
    histories = await readHistories(stack);
  });
  after(() => stack?.discard());

  it('the model is asked about every opportunity and never sees a name, an id, an address or an amount', async () => {
    const journal = await stack.journal('openai');
    const bodies = journal.filter((e) => e.path.endsWith('/chat/completions')).map((e) => e.body);
    const { length } = await stack.store.remediations.list({ limit: 10_000 });
    assert.ok(bodies.length >= length && length > 30, `${bodies.length} prompts for ${length} remediations`);
    for (const body of bodies) assert.doesNotThrow(() => JSON.parse(body), 'the whole prompt was kept');

    const sent = bodies.join('\n');
    for (const word of forbidden(stack)) assert.ok(!sent.includes(word), `a prompt contains ${word}`);
    assert.doesNotMatch(sent, /arn:aws/);
    assert.doesNotMatch(sent, /@acme\.example/);
    assert.doesNotMatch(sent, /\b(i|vol|eipalloc|snap)-[0-9a-f]{8,17}\b/);
    assert.doesNotMatch(sent, /\b\d{1,3}(\.\d{1,3}){3}\b/, 'an IP address');
    assert.doesNotMatch(sent, /\b\d{12}\b/, 'an account id');
  });

  it('the same search finds every canary where it belongs: the search can fail', async () => {
    const records = await readMongo(stack);
    for (const word of [CANARIES.assetName, CANARIES.ownerEmail, CANARIES.costCentre, CANARIES.findingTitle])
      assert.ok(records.includes(word), `the records know ${word}`);
    assert.ok(forbidden(stack).length > 250);
  });

  it('payloads of assessments carry ids and summaries, and no canary', () => {
    assert.match(histories.assess, /case_[0-9a-f]{24}/);
    // What an option saves is such a summary, and here it is the whole bill of the machine: its disks are billed apart.
    const words = CANARY_STRINGS.filter((word) => word !== CANARIES.monthlyAmountDigits);
    for (const word of words) assert.ok(!histories.assess.includes(word), `an assessment carries ${word}`);
  });

  it('no log line contains a canary', async () => {
    for (const [name, text] of await readLogs(stack))
      for (const word of CANARY_STRINGS) assert.ok(!text.includes(word), `${name} contains ${word}`);
  });

  it('no secret is in a log, a history, a record, the trail, the configuration or a message', async () => {
    const places: [string, string][] = [
      ...(await readLogs(stack)),
      ['Temporal histories', histories.all],
      ['MongoDB', await readMongo(stack)],
      ['config.yaml', await readFile(stack.configFile, 'utf8')],
      ['Slack', await readFile(join(stack.stateDir, 'estate', 'slack.json'), 'utf8')],
      ['ServiceNow', await readFile(join(stack.stateDir, 'estate', 'servicenow.json'), 'utf8')],
    ];
    for (const [, text] of places.slice(-5)) assert.ok(text.length > 500, 'there is something to look through');
    for (const [secret, values] of await readSecrets(stack))
      for (const value of values)
        for (const [place, text] of places) assert.ok(!text.includes(value), `${place} contains ${secret}`);
  });

  it('idlewise doctor finds every part well', async () => {
    const { code, stdout, stderr } = await stack.cli('doctor', '--json');
    assert.equal(code, 0, `${stdout}${stderr}`);
    const parts = JSON.parse(stdout) as { part: string; ok: boolean }[];
    assert.ok(parts.length >= 12);
    assert.deepEqual(
      parts.filter((p) => !p.ok),
      [],
    );
  });

  it('idlewise list, show and report print JSON that can be read', async () => {
    const list = await stack.cli('list', '--json', '--limit', '500');
    assert.equal(list.code, 0, list.stderr);
    const rows = JSON.parse(list.stdout) as { remediationId: string; assetName: string }[];
    assert.equal(rows.length, (await stack.store.remediations.list({ limit: 10_000 })).length);
    const canary = rows.find((r) => r.assetName === CANARIES.assetName);

    const show = await stack.cli('show', canary?.remediationId ?? '', '--json');
    assert.equal(show.code, 0, show.stderr);
    const shown = JSON.parse(show.stdout) as { decisions: unknown[]; remediation: { outcome: string } };
    assert.equal(shown.remediation.outcome, 'remediated');
    assert.ok(shown.decisions.length > 0);

    const report = await stack.cli('report', '--json');
    assert.equal(report.code, 0, report.stderr);
    const { sweep, outcomes } = JSON.parse(report.stdout) as {
      sweep: { counts: { scanned: number; quarantined: number }; quarantined: unknown[] };
      outcomes: { outcome: string }[];
    };
    assert.ok(sweep.counts.scanned >= 80);
    assert.equal(sweep.quarantined.length, sweep.counts.quarantined);
    assert.ok(outcomes.some((o) => o.outcome === 'remediated'));
  });

  it('keeps every invariant', () => assertInvariants(stack));
});

/** Everything of the estate that could tell somebody whose it is. */
function forbidden(stack: TestStack): string[] {
  const words = stack.assets.flatMap((a) => [
    a.assetKey,
    a.resourceId,
    a.accountId,
    ...(a.name.length > 7 ? [a.name] : []),
  ]);
  const owners = stack.assets.flatMap((a) => [a.cmdb?.ownerEmail, a.cmdb?.supportGroup, a.createdBy]);
  return [...new Set([...CANARY_STRINGS, ...words, ...owners.filter((o) => typeof o === 'string')])];
}

/** Payloads of all runs as text: those of assessments apart, and everything. */
async function readHistories(stack: TestStack): Promise<{ assess: string; all: string }> {
  const assess: string[] = [];
  const all: string[] = [];
  for await (const { workflowId, runId } of stack.client.workflow.list()) {
    const { events } = await stack.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const ids = new Set<string>();
    for (const event of events ?? []) {
      const text = payloads(event);
      all.push(text);
      const scheduled = event.activityTaskScheduledEventAttributes;
      if (scheduled?.activityType?.name === 'assessRisk') ids.add(String(event.eventId));
      const completed = event.activityTaskCompletedEventAttributes;
      if (ids.has(String(event.eventId)) || ids.has(String(completed?.scheduledEventId))) assess.push(text);
    }
  }
  return { assess: assess.join('\n'), all: all.join('\n') };
}

/** Every byte string and text anywhere in an event. */
function payloads(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(payloads).join('\n');
}

async function readMongo(stack: TestStack): Promise<string> {
  const client = new MongoClient(stack.config.mongodb.uri);
  try {
    const db = client.db(stack.config.mongodb.database);
    const texts: string[] = [];
    for (const { name } of await db.listCollections().toArray())
      texts.push(JSON.stringify(await db.collection(name).find().toArray()));
    return texts.join('\n');
  } finally {
    await client.close();
  }
}

async function readLogs(stack: TestStack): Promise<[string, string][]> {
  const folder = join(stack.stateDir, 'logs');
  const names = await readdir(folder);
  return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as [string, string]));
}

/** By name; a key of several lines is looked for line by line. */
async function readSecrets(stack: TestStack): Promise<[string, string[]][]> {
  const folder = join(stack.stateDir, 'secrets');
  const names = (await readdir(folder)).filter((name) => !PUBLIC.has(name));
  return Promise.all(
    names.map(async (name) => {
      const lines = (await readFile(join(folder, name), 'utf8')).split('\n').map((line) => line.trim());
      return [name, lines.filter((line) => line !== '' && !line.startsWith('-----'))] as [string, string[]];
    }),
  );
}
