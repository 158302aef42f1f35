import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { MongoClient } from 'mongodb';
import { createTelemetryActivities } from '../../../activities/telemetry/index.ts';
import { shipTelemetry } from '../../../activities/telemetry/ship.ts';
import { ProviderError } from '../../../ports/errors.ts';
import { createMongoStore } from '../../../providers/store/mongodb/create-mongo-store.ts';
import { startMongo } from '../../helpers/servers.ts';
import { entry, openLog } from '../audit/trail.ts';
import { story } from './events.ts';
import { seedTrail, shipper, startDatadog, WHOLE_RUN } from './rig.ts';

let server: Awaited<ReturnType<typeof startMongo>>;
let raw: MongoClient;
before(async () => {
  server = await startMongo();
  raw = await new MongoClient(server.uri).connect();
});
after(async () => {
  await raw?.close();
  await server?.stop();
});

const QUIET = new DefaultLogger('ERROR', () => undefined);
let databases = 0;
const place = () => ({ uri: server.uri, database: `shipping_${++databases}` });

async function rig(t: Parameters<typeof startDatadog>[0], given: { runs: number; config?: object }) {
  const at = place();
  const entries = story(given.runs, new Date());
  await seedTrail(at, entries);
  const datadog = await startDatadog(t, given.config ? { config: given.config } : {});
  const parts = await shipper(t, { ...at, sink: datadog.sink });
  const ids = () => datadog.sim.datadog.received.logs.map((log) => String(log['idlewise.event_id']));
  return { at, entries, ...datadog, ...parts, received: datadog.sim.datadog.received, ids };
}

test('killed after the vendor took a batch and before the cursor moved, it sends that batch again, and nothing is missing', async (t) => {
  const r = await rig(t, { runs: 4 });
  r.sim.faults.push(
    { kind: 'latency', ms: 1, path: '/logs', times: 1 },
    { kind: 'hang-after-effect', ms: 5000, path: '/logs', times: 1 },
  );
  const script = fileURLToPath(new URL('ship-once.ts', import.meta.url));
  const child = spawn(process.execPath, [script, r.at.uri, r.at.database, r.url], { stdio: 'inherit' });
  const ended = once(child, 'exit');
  while (r.ids().length < 24) await sleep(20);
  child.kill('SIGKILL');
  assert.deepEqual(await ended, [null, 'SIGKILL']);

  const cursors = await r.trail.cursors('datadog', 'logs');
  assert.equal(
    [...cursors.values()].reduce((sum, seq) => sum + seq, 0),
    12,
    'only the first batch was committed',
  );
  await r.ship();
  assert.equal(new Set(r.ids()).size, r.entries.length);
  assert.equal(r.ids().length, r.entries.length + 12, 'the batch in flight came twice, under the same ids');
  const runs = r.received.points().filter((p) => p.metric === 'idlewise.runs');
  assert.deepEqual([...new Set(runs.map((p) => p.value))], [4]);
});

test('two shippers at once may send twice, and still count once', async (t) => {
  const r = await rig(t, { runs: 20, config: { batch: { items: 20, bytes: 1_000_000 } } });
  const other = await shipper(t, { ...r.at, sink: r.sink });
  await Promise.all([r.ship(), other.ship()]);
  await r.ship();
  assert.equal(new Set(r.ids()).size, r.entries.length);
  const tallies = [...(await r.trail.tallies()).values()];
  assert.equal(tallies.length, 20);
  assert.ok(
    tallies.every(
      ({ counts }) => counts['["idlewise.runs",{"outcome":"remediated","action":"stop-instance"}]'] === '1',
    ),
  );
});

test('new events and new streams are found, whatever their time says', async (t) => {
  const r = await rig(t, { runs: 1 });
  await r.ship();
  const { log } = await openLog(r.at.uri, r.at.database);
  t.after(() => log.close());
  const at = new Date(Date.now() - 3_600_000).toISOString();
  await log.append(entry('config', 1, { type: 'KILL_SWITCH', at, payload: { state: 'on' } }));
  await log.append({
    ...entry(r.entries[0]?.stream ?? '', 'late', { at }),
    type: 'ROLLBACK',
    payload: { result: 'rolled-back' },
  });
  const report = await r.ship();
  assert.deepEqual(
    report.channels.map((c) => c.sent > 0),
    [true, true, true],
  );
  const last = r.received.logs.slice(-2).map((log) => `${String(log['idlewise.type'])} ${String(log['status'])}`);
  assert.deepEqual(new Set(last), new Set(['KILL_SWITCH warn', 'ROLLBACK error']));
  assert.equal(r.received.events.length, 4);
});

test('a damaged row is put aside, named, and does not stop the others', async (t) => {
  const r = await rig(t, { runs: 2 });
  const id = r.entries[3]?.eventId ?? '';
  const events = raw.db(r.at.database).collection<{ _id: string }>('audit_events');
  await events.updateOne({ _id: id }, { $set: { at: 'yesterday' } });
  const report = await r.ship();
  assert.equal(report.channels[0]?.sent, r.entries.length - 1);
  const [letter] = await r.trail.parked({ vendor: 'datadog', channel: 'logs', limit: 5 });
  assert.equal(letter?.kind, 'malformed');
  assert.match(letter?.reason ?? '', /field at is malformed; run idlewise audit verify/);
});

test('a trail that is shorter than what was sent of it raises the alarm, and what comes after is sent', async (t) => {
  const r = await rig(t, { runs: 1 });
  await r.ship();
  const events = raw.db(r.at.database).collection('audit_events');
  const { stream = '' } = r.entries[0] ?? {};
  await events.deleteMany({ stream, seq: { $gt: 9 } });
  const alarmed = await r.ship();
  assert.match(
    alarmed.channels[0]?.alarms[0] ?? '',
    /ends at 9, and more was sent of it: the trail was cut or restored/,
  );
  const { log } = await openLog(r.at.uri, r.at.database);
  t.after(() => log.close());
  await log.append(entry(stream, 'after-restore', { at: new Date().toISOString() }));
  const report = await r.ship();
  assert.deepEqual([report.channels[0]?.sent, report.channels[0]?.alarms], [1, []]);
  assert.equal(r.ids().at(-1), `${stream}/after-restore`);
});

test('an erased payload leaves an event without fields', async (t) => {
  const r = await rig(t, { runs: 1 });
  const { log } = await openLog(r.at.uri, r.at.database);
  t.after(() => log.close());
  const outcome = r.entries.find((e) => e.type === 'OUTCOME');
  await log.erase({
    eventId: outcome?.eventId ?? '',
    by: 'ana@acme.example',
    reason: 'asked',
    at: new Date().toISOString(),
  });
  await r.ship();
  const sent = r.received.logs.find((l) => l['idlewise.type'] === 'OUTCOME');
  assert.ok(sent && !('idlewise.outcome' in sent));
  assert.equal(
    r.received
      .points()
      .find((p) => p.metric === 'idlewise.runs')
      ?.tags.includes('outcome:unknown'),
    true,
  );
});

test('a run stops when its time is over and the next one goes on', async (t) => {
  const r = await rig(t, { runs: 10, config: { batch: { items: 10, bytes: 1_000_000 } } });
  let asked = 0;
  const report = await r.ship({ over: () => ++asked > 6, beat: () => undefined });
  assert.equal(report.channels[0]?.state, 'more-to-send');
  assert.ok(r.ids().length < r.entries.length);
  await r.ship();
  assert.deepEqual([r.ids().length, new Set(r.ids()).size], [r.entries.length, r.entries.length]);
});

test('the newest sweep is measured', async (t) => {
  const r = await rig(t, { runs: 1 });
  const store = await createMongoStore(r.at);
  t.after(() => store.close());
  const counts = {
    scanned: 40,
    idle: 5,
    active: 30,
    undetermined: 3,
    excluded: 2,
    skippedByLedger: 1,
    started: 4,
    quarantined: 0,
    gone: 0,
    failedPages: 0,
  };
  await store.sweeps.begin('sweep-1', new Date(Date.now() - 120_000).toISOString());
  await store.sweeps.addCounts('sweep-1', '111122223333/eu-west-1', 1, counts);
  await shipTelemetry({ ...r.deps, sweeps: store.sweeps }, WHOLE_RUN);
  const swept = r.received.points().filter((p) => p.metric === 'idlewise.sweep.assets');
  const by = (result: string) => swept.find((p) => p.tags.includes(`result:${result}`))?.value;
  assert.deepEqual([by('scanned'), by('idle'), by('skipped_by_ledger')], [40, 5, 1]);
});

test('the activity reports, and a database that is away is its own failure', async (t) => {
  const r = await rig(t, { runs: 1 });
  const run = (deps: Parameters<typeof createTelemetryActivities>[0]) =>
    new MockActivityEnvironment({}, { logger: QUIET }).run(createTelemetryActivities(deps).shipTelemetry);
  assert.deepEqual(await run(null), { vendor: 'none', channels: [], parkedBatches: 0 });
  const report = await run({ ...r.deps, budgetMs: 20_000 });
  assert.equal((report as { vendor: string }).vendor, 'datadog');
  assert.equal(r.ids().length, r.entries.length);
  const away = async () => {
    throw new ProviderError({ kind: 'unavailable', provider: 'mongodb', operation: 'x', message: 'away' });
  };
  await assert.rejects(run({ ...r.deps, trail: { ...r.trail, heads: away }, budgetMs: 1000 }) as Promise<unknown>, {
    type: 'mongodb.unavailable',
  });
});
