import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Gcp } from '../../../providers/cloud/gcp/section.ts';
import { createGcpCloud } from '../../../providers/cloud/gcp/index.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import { gcp as part } from '../../../sandbox/gcp/part.ts';
import type { ConfigInput, PartContext } from '../../../sandbox/kit/part.ts';
import { refOf } from './rig.ts';

const CPU = 'compute.googleapis.com/instance/cpu/utilization';
const HOUR = 3_600_000;

test('the part of the estate works with the configuration it writes, and keeps its state over a restart', async () => {
  const port = await freePort();
  const url = () => `http://127.0.0.1:${port}`;
  const made = new Map(Object.entries(part.secrets ?? {}).map(([name, make]) => [name, make({ url })]));
  const secret = (name: string) => made.get(name) ?? '';
  const estate = buildEstate({ seed: 7, clouds: ['gcp'] });
  const stateFile = join(mkdtempSync(join(tmpdir(), 'idlewise-gcp-')), 'gcp.json');
  const context = { estate, stateFile, secret, url } as unknown as PartContext;
  const first = await part.create(context);
  await first.start(port);
  const written = {} as ConfigInput;
  part.configure?.(written, { url, ref: (name) => `file:${name}`, stateDir: '', chatAppPort: 0 });
  const config = Gcp.parse(written.gcp);
  const secrets = { resolve: async (ref: string) => secret(ref.replace('file:', '')) };
  const reading = createGcpCloud({ config, secrets, role: 'read' });
  assert.ok(reading);
  const assets = estate.assets.filter((a) => a.resourceType.includes('googleapis.com'));
  const { facts: found } = await reading.reader.describe(assets.map(refOf));
  assert.equal(found.size, assets.length);
  assert.match(await reading.reader.check(), /calls answered in 2 place/);
  assert.match(await reading.utilisation.check(), /2 project/);
  const idle = assets.find((a) => a.archetype === 'idle' && a.instance);
  assert.ok(idle);
  const end = Math.floor(Date.now() / HOUR) * HOUR;
  const window = {
    accountId: idle.accountId,
    region: idle.region,
    start: new Date(end - 24 * HOUR).toISOString(),
    end: new Date(end).toISOString(),
    periodSeconds: 3600,
  };
  const answer = await reading.utilisation.fetch(window, [{ asset: refOf(idle), metric: CPU, statistic: 'Maximum' }]);
  const [cpu] = answer.series.get(idle.assetKey) ?? [];
  assert.ok(cpu?.values.every((v) => v !== null && v > 0.1 && v < 5));
  assert.equal(await first.cloud?.stateOf(idle), 'present');
  assert.equal(await first.cloud?.sizeOf(idle), idle.instance?.instanceType);
  const bill = await first.cloud?.bill.rows({
    from: new Date(end - 48 * HOUR).toISOString().slice(0, 10),
    to: new Date(end).toISOString().slice(0, 10),
  });
  assert.ok(bill?.some((row) => row.resourceId === idle.assetKey && row.service === 'Compute Engine'));
  const executing = createGcpCloud({ config, secrets, role: 'execute' });
  const waits = { pollMs: 5, transitionTimeoutMs: 1000, snapshotTimeoutMs: 1000, settleMs: 0 };
  assert.equal((await executing?.executor(waits).describe(refOf(idle)))?.kind, 'instance');
  const gone = await fetch(`${url()}/__sim/world`, {
    method: 'POST',
    body: JSON.stringify({ do: 'terminate', resourceId: idle.assetKey }),
  });
  assert.equal(gone.status, 200);
  await first.stop();
  const second = await part.create(context);
  assert.equal(await second.cloud?.stateOf(idle), 'gone');
});

/** The keys of the accounts name where their tokens come from, so the port must be known before anything starts. */
function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
