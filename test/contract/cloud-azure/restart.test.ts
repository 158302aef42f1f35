import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Azure } from '../../../providers/cloud/azure/section.ts';
import { azure as part } from '../../../sandbox/azure/part.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import type { ConfigInput } from '../../../sandbox/kit/part.ts';
import { memoryLog } from '../executor/memory-log.ts';
import { disk, startRig, vm } from './rig.ts';

test('a world that was killed comes back as it was, and a waiting plan goes on in it', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'azure-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const stateFile = join(dir, 'azure.json');
  const assets = [vm('kept'), disk('left')];
  const first = await startRig(assets, { stateFile });
  const { plan, facts, identity } = await first.approve('kept', 'snapshot-and-terminate-instance');
  const log = memoryLog();
  assert.equal((await first.executor.apply(plan, facts, log, identity)).result, 'prepared');
  await first.stop();
  const second = await startRig(assets, { stateFile });
  t.after(() => second.stop());
  const now = await second.executor.describe(second.ref('kept'));
  assert.equal(now?.state, 'stopped');
  assert.equal((await second.executor.complete(plan, now, log, identity)).result, 'applied');
  assert.deepEqual(second.effects('kept'), ['stop', 'delete']);
});

test('the part of the estate writes a configuration that the schema takes, and bills what stands', async (t) => {
  const estate = buildEstate({ seed: 7, clouds: ['azure'] });
  const dir = await mkdtemp(join(tmpdir(), 'azure-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const simulator = await part.create({
    estate,
    stateFile: join(dir, 'azure.json'),
    secret: (name: string) => `value-of-${name}`,
  } as never);
  assert.equal(simulator.cloud?.provider, 'azure');
  const config = {} as ConfigInput;
  part.configure?.(config, {
    url: () => 'http://127.0.0.1:4567',
    ref: (secret) => `env:${secret.toUpperCase().replaceAll('-', '_')}`,
    stateDir: dir,
    chatAppPort: 0,
  });
  const parsed = Azure.safeParse(config.azure);
  assert.ok(parsed.success, JSON.stringify(parsed.error?.issues));
  assert.equal(parsed.data.subscriptions.length, 2);
  const day = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
  const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  const rows = (await simulator.cloud?.bill.rows({ from: day, to: next } as never)) ?? [];
  assert.ok(rows.some((row) => row.service === 'Virtual Machines'));
  assert.ok(rows.every((row) => row.provider === 'azure'));
});
