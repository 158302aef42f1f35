import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createTelemetryActivities } from '../../../activities/telemetry/index.ts';
import { registerTelemetrySchedule } from '../../../clients/schedules.ts';
import type { Config } from '../../../config/schema.ts';
import { startMongo, startTemporal } from '../../helpers/servers.ts';
import { quietRuntime, workflowBundle } from '../../helpers/workflow.ts';
import { story } from './events.ts';
import { seedTrail, shipper, startDatadog } from './rig.ts';

let mongo: Awaited<ReturnType<typeof startMongo>>;
let temporal: Awaited<ReturnType<typeof startTemporal>>;
before(async () => {
  quietRuntime();
  [mongo, temporal] = await Promise.all([startMongo(), startTemporal()]);
});
after(async () => {
  await mongo?.stop();
  await temporal?.stop();
});

test('the schedule starts the workflow, which ships on the audit queue and reports; without a vendor there is none', async (t) => {
  const place = { uri: mongo.uri, database: 'scheduled' };
  const entries = story(2, new Date());
  await seedTrail(place, entries);
  const datadog = await startDatadog(t);
  const { deps } = await shipper(t, { ...place, sink: datadog.sink });
  const native = await NativeConnection.connect({ address: temporal.address });
  const orchestration = await Worker.create({
    connection: native,
    taskQueue: 'tele-orchestration',
    workflowBundle: await workflowBundle(),
  });
  const audit = await Worker.create({
    connection: native,
    taskQueue: 'tele-audit',
    activities: createTelemetryActivities({ ...deps, budgetMs: 20_000 }),
  });
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection });
  const config = {
    tenant: 'acme',
    temporal: { taskQueuePrefix: 'tele' },
    telemetry: { ...datadog.config, everySeconds: 3600 },
  } as unknown as Config;

  await audit.runUntil(
    orchestration.runUntil(async () => {
      const scheduleId = await registerTelemetrySchedule(client, config);
      assert.equal(await registerTelemetrySchedule(client, config), scheduleId, 'again changes nothing');
      assert.equal(scheduleId, 'idlewise-telemetry-acme');
      const handle = client.schedule.getHandle(scheduleId);
      await handle.trigger();
      while (datadog.sim.datadog.received.logs.length < entries.length) await sleep(100);
      const [started] = (await handle.describe()).info.recentActions;
      assert.ok(started?.action.type === 'startWorkflow');
      const report = await client.workflow.getHandle(started.action.workflow.workflowId).result();
      assert.deepEqual([report.vendor, report.parkedBatches], ['datadog', 0]);

      const off = { ...config, telemetry: { vendor: 'none' } } as unknown as Config;
      assert.equal(await registerTelemetrySchedule(client, off), null);
      await assert.rejects(handle.describe(), { name: 'ScheduleNotFoundError' });
      assert.equal(await registerTelemetrySchedule(client, off), null, 'deleting what is gone is no error');
    }),
  );
  await native.close();
  await connection.close();
});
