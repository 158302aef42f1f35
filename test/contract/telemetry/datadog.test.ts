import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ReceivedLog } from '../../../sandbox/datadog/received.ts';
import { startMongo } from '../../helpers/servers.ts';
import { CANARIES, STORY_LENGTH, story } from './events.ts';
import { handClock, KEY, seedTrail, shipper, startDatadog } from './rig.ts';

let server: Awaited<ReturnType<typeof startMongo>>;
before(async () => {
  server = await startMongo();
});
after(() => server?.stop());

const HOUR = 3_600_000;
let databases = 0;

/** Datadog, a trail of `runs` remediations, and a shipper between them. */
async function rig(
  t: Parameters<typeof startDatadog>[0],
  given: { runs?: number; config?: object; age?: number; since?: string } = {},
) {
  const { runs = 3, config = {}, age = 0 } = given;
  const time = handClock();
  const place = { uri: server.uri, database: `datadog_${++databases}` };
  const entries = story(runs, new Date(time.clock().getTime() - age));
  await seedTrail(place, entries);
  const datadog = await startDatadog(t, { clock: time.clock, config });
  const parts = await shipper(t, {
    ...place,
    sink: datadog.sink,
    clock: time.clock,
    ...(given.since && { since: given.since }),
  });
  const { received } = datadog.sim.datadog;
  return { ...time, ...datadog, ...parts, entries, place, received, ids: () => idsOf(received.logs) };
}

function idsOf(logs: readonly ReceivedLog[]): unknown[] {
  return logs.map((log) => log['idlewise.event_id']);
}

/** Each event of the trail by the place in the chain that its log names. */
function places(logs: readonly ReceivedLog[]): Set<string> {
  return new Set(logs.map((log) => `${String(log['idlewise.stream'])} ${String(log['idlewise.seq'])}`));
}

test('every event arrives once as a log, outcomes also as events, and nothing is sent a second time', async (t) => {
  const r = await rig(t, { runs: 4 });
  const first = await r.ship();
  assert.deepEqual(
    first.channels.map(({ channel, state, sent, behind }) => ({ channel, state, sent: sent > 0, behind })),
    ['logs', 'events', 'metrics'].map((channel) => ({ channel, state: 'up-to-date', sent: true, behind: 0 })),
  );
  assert.equal(r.received.logs.length, 4 * STORY_LENGTH);
  assert.equal(places(r.received.logs).size, 4 * STORY_LENGTH);
  assert.equal(new Set(r.ids()).size, 4 * STORY_LENGTH, 'every log has an id of its own');
  assert.deepEqual(
    r.received.events.map((event) => event['alert_type']),
    Array(8).fill('success'),
  );
  const outcome = r.received.logs.find((log) => log['idlewise.type'] === 'OUTCOME');
  assert.equal(outcome?.['idlewise.outcome'], 'remediated');
  assert.equal(outcome?.['status'], 'ok');
  assert.equal(outcome?.['ddtags'], 'env:test');
  const entry = r.entries.find((e) => e.eventId === outcome?.['idlewise.event_id']);
  assert.equal(outcome?.filedAt, Date.parse(entry?.at ?? ''), 'it is filed under the time it happened');

  const second = await r.ship();
  assert.equal(r.received.logs.length, 4 * STORY_LENGTH);
  assert.equal(r.received.events.length, 8);
  assert.equal(second.channels[0]?.sent, 0);
});

test('no secret and no body leaves, in logs, events or metrics', async (t) => {
  const r = await rig(t);
  await r.ship();
  const sent = JSON.stringify(r.received.all());
  for (const canary of [...CANARIES, KEY]) assert.ok(!sent.includes(canary), `found ${canary}`);
  assert.ok(sent.includes('CHG0030001'), 'what may leave does');
  const issued = r.received.logs.filter((log) => log['idlewise.type'] === 'CRED_ISSUED');
  assert.match(String(issued[0]?.['idlewise.event_id']), /^redacted-[0-9a-f]{64}$/);
  assert.equal(new Set(idsOf(issued)).size, 3);
});

test('totals say the same however often they are sent, and count nothing twice', async (t) => {
  const r = await rig(t, { runs: 5 });
  // Ten seconds into a minute, so that a second later is the same one.
  r.forward(70_000 - (Date.now() % 60_000));
  await r.ship();
  const before = r.received.points();
  r.forward(1000);
  await r.ship();
  const value = (metric: string) => r.received.points().filter((p) => p.metric === metric);
  assert.equal(before.length, r.received.points().length, 'the same minute is the same point');
  assert.deepEqual(
    value('idlewise.runs').map((p) => [p.value, p.type]),
    [[5, 3]],
  );
  assert.equal(value('idlewise.savings.verified_monthly')[0]?.value, 306);
  assert.ok(value('idlewise.savings.verified_monthly')[0]?.tags.includes('currency:USD'));
  r.forward(60_000);
  await r.ship();
  assert.deepEqual(
    value('idlewise.runs').map((p) => p.value),
    [5, 5],
  );
  assert.deepEqual(r.received.dropped, []);
});

test('a refused key puts one batch aside, does not hammer, and once it is mended nothing is missing', async (t) => {
  const r = await rig(t, { config: { batch: { items: 10, bytes: 1_000_000 } } });
  r.sim.datadog.rotateKey('0'.repeat(32));
  const refused = await r.ship();
  const logs = refused.channels[0];
  assert.equal(logs?.state, 'waiting');
  assert.match(logs?.reason ?? '', /answered 403.*give telemetry\.datadog\.apiKey a valid API key/);
  assert.ok(!JSON.stringify(refused).includes(KEY));
  const deadLetters = await r.trail.parked({ vendor: 'datadog', channel: 'logs', limit: 10 });
  assert.deepEqual(
    deadLetters.map(({ kind, status, events }) => ({ kind, status, events })),
    [{ kind: 'refused', status: 403, events: 10 }],
  );
  for (let minute = 0; minute < 5; minute++) {
    r.forward(60_000);
    await r.ship();
  }
  assert.equal((await r.trail.parked({ vendor: 'datadog', channel: 'logs', limit: 10 })).length, 1, 'no second batch');
  const tries = r.sim.journal.entries().filter((e) => e.path === '/api/v2/logs').length;
  assert.ok(tries <= 5, `${tries} attempts in six minutes`);
  assert.equal(r.received.logs.length, 0);

  r.sim.datadog.rotateKey('1'.repeat(32));
  r.secrets.values['env:DD_API_KEY'] = '1'.repeat(32);
  r.forward(HOUR);
  const mended = await r.ship();
  assert.equal(mended.channels[0]?.redelivered, 10);
  assert.equal(mended.parkedBatches, 0);
  assert.equal(places(r.received.logs).size, r.entries.length);
  assert.equal(r.received.events.length, 6);
});

test('one record that is refused for its content is put aside alone', async (t) => {
  for (const status of [400, 403] as const) {
    const r = await rig(t, { runs: 10 });
    r.sim.datadog.dislikes.push({ text: 'i-0123456789abcdef07/ec2-idle/step-4', status });
    const report = await r.ship();
    assert.equal(report.channels[0]?.state, 'up-to-date', `${status}`);
    assert.equal(report.channels[0]?.parked, 1);
    assert.equal(places(r.received.logs).size, r.entries.length - 1);
    const [letter] = await r.trail.parked({ vendor: 'datadog', channel: 'logs', limit: 10 });
    assert.deepEqual(
      [letter?.kind, letter?.status, letter?.events],
      [status === 400 ? 'rejected' : 'refused', status, 1],
    );

    r.sim.datadog.dislikes.length = 0;
    assert.equal(await r.trail.release('datadog', r.clock().toISOString()), 1);
    assert.equal((await r.ship()).parkedBatches, 0);
    assert.equal(places(r.received.logs).size, r.entries.length);
    assert.equal(r.received.logs.length, r.entries.length, 'the others were not sent again');
  }
});

test('what is too large is sent in parts', async (t) => {
  const r = await rig(t);
  r.sim.datadog.refusals.push({ path: '/logs', status: 413, times: 3 }, { path: '/series', status: 413 });
  const report = await r.ship();
  assert.equal(report.channels[0]?.parked, 0);
  assert.equal(r.received.logs.length, r.entries.length);
  assert.equal(report.channels[2]?.state, 'up-to-date');
  assert.ok(r.received.points().length > 5);
});

test('batches keep the configured number and size', async (t) => {
  const r = await rig(t, { runs: 20, config: { batch: { items: 50, bytes: 30_000 } } });
  await r.ship();
  const posts = r.sim.journal.entries().filter((e) => e.path === '/api/v2/logs').length;
  assert.equal(r.received.logs.length, r.entries.length);
  assert.ok(posts >= (r.entries.length * 900) / 30_000, `${posts} requests`);
});

test('told to come back later, it does, no sooner, and with everything', async (t) => {
  const r = await rig(t, { config: { batch: { items: 10, bytes: 1_000_000 } } });
  r.sim.datadog.refusals.push({ path: '/logs', status: 429, reset: 300 });
  const report = await r.ship();
  assert.equal(report.channels[0]?.state, 'waiting');
  assert.equal(report.channels[0]?.retryAt, new Date(r.clock().getTime() + 300_000).toISOString());
  assert.equal(report.channels[1]?.state, 'up-to-date', 'events go on');
  r.forward(299_000);
  await r.ship();
  assert.equal(r.received.logs.length, 0);
  r.forward(2000);
  await r.ship();
  assert.deepEqual([r.received.logs.length, places(r.received.logs).size], [r.entries.length, r.entries.length]);
});

test('an outage in the middle loses nothing and repeats little, however long it lasts', async (t) => {
  const r = await rig(t, { runs: 5, config: { batch: { items: 10, bytes: 1_000_000 } } });
  r.sim.faults.push(
    { kind: 'latency', ms: 1, path: '/logs', times: 2 },
    { kind: 'status', status: 503, path: '/logs' },
  );
  await r.ship();
  assert.equal(r.received.logs.length, 20, 'what was accepted before stays accepted');
  for (let run = 0; run < 12; run++) {
    r.forward(20 * 60_000);
    await r.ship();
  }
  r.sim.faults.length = 0;
  for (let run = 0; run < 4; run++) {
    r.forward(25 * HOUR);
    await r.ship();
  }
  assert.equal(places(r.received.logs).size, r.entries.length);
  assert.equal(r.received.logs.length, r.entries.length);
  assert.equal(await r.trail.parkedCount('datadog'), 0);
});

test('a batch whose answer was lost is sent again under the same ids', async (t) => {
  const r = await rig(t);
  r.sim.faults.push({ kind: 'reset-after-effect', path: '/logs', times: 1 });
  await r.ship();
  r.forward(60_000);
  await r.ship();
  const ids = r.ids();
  assert.equal(ids.length, 2 * r.entries.length);
  assert.equal(new Set(ids).size, r.entries.length);
});

test('a page with a 200 from something in between is no yes', async (t) => {
  const r = await rig(t);
  r.sim.faults.push({ kind: 'html-error', status: 200, path: '/logs', times: 1 });
  const report = await r.ship();
  assert.equal(report.channels[0]?.state, 'waiting');
  r.forward(60_000);
  await r.ship();
  assert.equal(r.received.logs.length, r.entries.length);
});

test('events older than 18 hours, or from a clock that is ahead, arrive with their own time beside that of arrival', async (t) => {
  for (const age of [40 * HOUR, 17.9 * HOUR, -2 * HOUR]) {
    const r = await rig(t, { runs: 2, age });
    await r.ship();
    assert.deepEqual(r.received.dropped, []);
    assert.equal(r.received.logs.length, r.entries.length);
    assert.equal(r.received.events.length, 4);
    const log = r.received.logs[0];
    assert.match(String(log?.['ddtags']), /late:true/);
    assert.equal(log?.filedAt, r.clock().getTime());
    assert.ok(Math.abs(Date.parse(String(log?.['idlewise.at'])) - (r.clock().getTime() - age)) < 60_000);
  }
});

test('events from before `since` are counted and not sent', async (t) => {
  const r = await rig(t, { runs: 2, since: new Date(Date.now() + HOUR).toISOString() });
  const report = await r.ship();
  assert.equal(r.received.logs.length, 0);
  assert.equal(report.channels[0]?.behind, 0);
  assert.equal(r.received.points().find((p) => p.metric === 'idlewise.runs')?.value, 2);
});
