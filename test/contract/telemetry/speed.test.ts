import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startMongo } from '../../helpers/servers.ts';
import { entry, openLog } from '../audit/trail.ts';
import { story } from './events.ts';
import { handClock, seedTrail, shipper, startDatadog } from './rig.ts';

let server: Awaited<ReturnType<typeof startMongo>>;
before(async () => {
  server = await startMongo();
});
after(() => server?.stop());

test('while Datadog hangs, appending to the trail is as fast as ever', async (t) => {
  const place = { uri: server.uri, database: 'hanging' };
  await seedTrail(place, story(30, new Date()));
  const datadog = await startDatadog(t, { config: { timeout: 8000 } });
  const { ship } = await shipper(t, { ...place, sink: datadog.sink });
  const { log } = await openLog(place.uri, place.database);
  t.after(() => log.close());
  const median = async (stream: string) => {
    const times: number[] = [];
    for (let n = 0; n < 60; n++) {
      const started = performance.now();
      await log.append(entry(`remediation/${stream}`, n, { at: new Date().toISOString() }));
      times.push(performance.now() - started);
    }
    return times.toSorted((a, b) => a - b)[30] ?? 0;
  };
  await median('warm-up');
  const before = await median('before');

  datadog.sim.faults.push({ kind: 'hang', ms: 9000 });
  let running = true;
  const inFlight = Promise.withResolvers<void>();
  const beat = (what: string) => what.startsWith('logs: sending') && inFlight.resolve();
  const hanging = ship({ over: () => false, beat }).finally(() => {
    running = false;
  });
  await inFlight.promise;
  const beside = await median('beside');
  const hung = running;
  const report = await hanging;
  const after = await median('after');
  t.diagnostic(
    `append: median ${before.toFixed(1)} ms before, ${beside.toFixed(1)} ms while Datadog hangs, ${after.toFixed(1)} ms after`,
  );
  assert.ok(hung, 'Datadog hung for the whole measurement');
  assert.ok(beside < Math.max(before, after) * 2 + 10);
  assert.deepEqual(
    report.channels.map((channel) => channel.state),
    ['waiting', 'waiting', 'waiting'],
  );
});

test('10,000 events', async (t) => {
  const place = { uri: server.uri, database: 'ten_thousand' };
  const time = handClock();
  const entries = story(834, time.clock());
  await seedTrail(place, entries);
  const datadog = await startDatadog(t, { clock: time.clock, config: { timeout: 10_000 } });
  const { ship } = await shipper(t, { ...place, sink: datadog.sink, clock: time.clock });
  const started = performance.now();
  const report = await ship();
  const seconds = (performance.now() - started) / 1000;
  const requests = datadog.sim.journal.entries();
  const posts = (path: string) => requests.filter((e) => e.path === path).length;
  t.diagnostic(
    `${entries.length} events of 834 streams in ${seconds.toFixed(1)} s (${Math.round(entries.length / seconds)}/s): ` +
      `${posts('/api/v2/logs')} requests with logs, ${posts('/api/v1/events')} events, ${posts('/api/v2/series')} with totals`,
  );
  assert.equal(report.channels[0]?.behind, 0);
  assert.equal(datadog.sim.datadog.received.logs.length, entries.length);
  assert.equal(datadog.sim.datadog.received.points().find((p) => p.metric === 'idlewise.runs')?.value, 834);
});
