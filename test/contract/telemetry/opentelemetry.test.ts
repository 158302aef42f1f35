import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CollectedLog } from '../../../sandbox/otlp/model.ts';
import { startMongo } from '../../helpers/servers.ts';
import { CANARIES, STORY_LENGTH, story } from './events.ts';
import { handClock, seedTrail, shipper, startCollector } from './rig.ts';

let server: Awaited<ReturnType<typeof startMongo>>;
before(async () => {
  server = await startMongo();
});
after(() => server?.stop());

let databases = 0;

async function rig(
  t: Parameters<typeof startCollector>[0],
  given: { runs?: number } & Omit<NonNullable<Parameters<typeof startCollector>[1]>, 'clock'> = {},
) {
  const { runs = 3, ...options } = given;
  const time = handClock();
  const place = { uri: server.uri, database: `otlp_${++databases}` };
  const entries = story(runs, time.clock());
  await seedTrail(place, entries);
  const collector = await startCollector(t, { clock: time.clock, ...options });
  const parts = await shipper(t, { ...place, sink: collector.sink, clock: time.clock });
  const { collected, answers } = collector.sim.otlp;
  return { ...time, ...collector, ...parts, entries, collected, answers };
}

const idOf = (log: CollectedLog) => log.attributes['idlewise.event_id'];
const distinct = (logs: readonly CollectedLog[]) => new Set(logs.map(idOf)).size;
const GATE = { name: 'authorization', value: 'Bearer collector-token-1' };

test('every event arrives once as a log record with its event name, and the totals as cumulative sums', async (t) => {
  const r = await rig(t, { runs: 4, sim: { requires: GATE } });
  const report = await r.ship();
  assert.deepEqual(
    report.channels.map(({ channel, state }) => [channel, state]),
    [
      ['logs', 'up-to-date'],
      ['metrics', 'up-to-date'],
    ],
  );
  assert.equal(r.collected.logs.length, 4 * STORY_LENGTH);
  assert.equal(distinct(r.collected.logs), 4 * STORY_LENGTH);
  const outcome = r.collected.logs.find((log) => log.eventName === 'idlewise.outcome');
  assert.equal(outcome?.at, r.entries.find((e) => e.eventId === (outcome && idOf(outcome)))?.at);
  assert.deepEqual(outcome?.resource, { 'service.name': 'idlewise', env: 'test' });
  assert.deepEqual(outcome?.attributes['idlewise.reasons'], ['verified:stopped']);
  const runs = r.collected.points.find((point) => point.name === 'idlewise.runs');
  assert.deepEqual([runs?.kind, runs?.monotonic, runs?.temporality, runs?.value], ['sum', true, 2, 4]);
  assert.ok((runs?.start ?? '') < (runs?.at ?? ''));
  const saved = r.collected.points.find((point) => point.name === 'idlewise.savings.verified_monthly');
  assert.deepEqual([saved?.monotonic, saved?.value, saved?.attributes['currency']], [false, 244.8, 'USD']);

  await r.ship();
  assert.equal(r.collected.logs.length, 4 * STORY_LENGTH);
});

test('no secret and no body leaves', async (t) => {
  const r = await rig(t, { section: { compression: 'none' } });
  await r.ship();
  const sent = JSON.stringify(r.collected);
  for (const canary of CANARIES) assert.ok(!sent.includes(canary), `found ${canary}`);
  assert.ok(sent.includes('CHG0030001'));
});

test('refused credentials put one batch aside; with new ones nothing is missing', async (t) => {
  const r = await rig(t, { sim: { requires: GATE } });
  r.sim.otlp.requireValue('Bearer collector-token-2');
  const refused = await r.ship();
  assert.equal(refused.parkedBatches, 1);
  assert.match(refused.channels[0]?.reason ?? '', /answered 401 \(missing or wrong credentials\); correct telemetry/);
  assert.ok(!JSON.stringify(refused).includes('collector-token'));
  r.secrets.values['env:OTLP_TOKEN'] = 'Bearer collector-token-2';
  r.forward(600_000);
  const mended = await r.ship();
  assert.equal(mended.parkedBatches, 0);
  assert.deepEqual([r.collected.logs.length, distinct(r.collected.logs)], [r.entries.length, r.entries.length]);
});

test('too large, told to wait, or cut off: everything arrives, repeats under the same ids', async (t) => {
  const r = await rig(t, { sim: { maxBytes: 20_000 } });
  r.answers.push({ kind: 'status', status: 429, retryAfter: 120 });
  const waiting = await r.ship();
  assert.equal(waiting.channels[0]?.state, 'waiting');
  assert.equal(r.collected.logs.length, 0);
  r.sim.faults.push({ kind: 'status', status: 500, path: '/v1/logs', times: 1 });
  r.forward(900_000);
  assert.equal((await r.ship()).channels[0]?.state, 'waiting');
  r.sim.faults.push({ kind: 'reset-after-effect', path: '/v1/logs', times: 1 });
  for (let run = 0; run < 3; run++) {
    r.forward(900_000);
    await r.ship();
  }
  assert.equal(distinct(r.collected.logs), r.entries.length);
  assert.ok(r.collected.requests.filter((q) => q.path === '/v1/logs').every((q) => q.bytes <= 20_000));
});

test('what a collector dropped after a yes is reported, put aside, and not sent again by itself', async (t) => {
  const r = await rig(t);
  r.answers.push({ kind: 'partial', rejected: 5, message: 'quota of the day' });
  const report = await r.ship();
  assert.deepEqual([report.channels[0]?.sent, report.channels[0]?.parked], [r.entries.length - 5, r.entries.length]);
  const [letter] = await r.trail.parked({ vendor: 'opentelemetry', channel: 'logs', limit: 5 });
  assert.equal(letter?.kind, 'partly-dropped');
  assert.match(letter?.reason ?? '', /5 of 36 were dropped: quota of the day/);
  r.forward(48 * 3_600_000);
  await r.ship();
  assert.equal(r.collected.logs.length, r.entries.length - 5);
  await r.trail.release('opentelemetry', r.clock().toISOString());
  await r.ship();
  assert.equal(distinct(r.collected.logs), r.entries.length);
});

test('a login page with a 200 is no yes', async (t) => {
  const r = await rig(t);
  r.answers.push({ kind: 'page' });
  const report = await r.ship();
  assert.match(report.channels[0]?.reason ?? '', /not that of a collector/);
  r.forward(60_000);
  await r.ship();
  assert.equal(r.collected.logs.length, r.entries.length);
});

test('a collector that hangs is given up after the time-out', async (t) => {
  const r = await rig(t);
  r.sim.faults.push({ kind: 'hang', ms: 4000, path: '/v1/logs', times: 1 });
  const started = performance.now();
  const report = await r.ship();
  const took = performance.now() - started;
  assert.equal(report.channels[0]?.state, 'waiting');
  assert.equal(report.channels[1]?.state, 'up-to-date', 'the totals go on');
  assert.ok(took < 3500, `${took} ms`);
});
