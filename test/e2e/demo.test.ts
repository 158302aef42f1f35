import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { verifyExport } from '../../clients/audit/verify.ts';
import type { DemoReport } from '../../clients/start/demo-report.ts';
import type { Archetype } from '../../sandbox/estate/types.ts';
import { isListening } from '../../sandbox/servers/ports.ts';
import { ActionName } from '../../schemas/option.ts';
import { type CliResult, runCli, runScript } from '../helpers/stack.ts';

const OUTCOMES = [
  'remediated',
  'rejected',
  'expired',
  'snoozed',
  'blocked-by-policy',
  'blocked-by-drift',
  'already-gone',
  'rolled-back',
  'observed',
];
const NEVER_IDLE: readonly Archetype[] = [
  'no-metrics',
  'half-metrics',
  'spiky-load',
  'weekly-load',
  'month-end-load',
  'steady-load',
  'excluded-by-tag',
  'new',
  'new-volume',
  'auto-scaling-member',
  'warm-dr-standby',
  'attached-volume',
  'associated-address',
  'busy-load-balancer',
];
/** What another client must read of an asset after each action. */
const AFTERWARDS: Record<ActionName, string> = {
  'stop-instance': 'stopped',
  'snapshot-and-terminate-instance': 'gone',
  'resize-instance': 'running',
  'snapshot-and-delete-volume': 'gone',
  'release-address': 'gone',
  'delete-load-balancer': 'gone',
  'stop-database': 'stopped',
};
const POSITIONS = 20;

describe('npm start -- --demo', () => {
  let folder: string;
  let run: CliResult;
  let report: DemoReport;
  let stillListening: string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'idlewise-demo-'));
    const file = join(folder, 'report.json');
    const args = ['--demo', '--report', file, '--state', join(folder, 'state')];
    run = await runScript('bin/start.mjs', args, process.env);
    stillListening = await listening(join(folder, 'state', 'ports.json'));
    report = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as DemoReport;
  });
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

  it('ends by itself with exit code 0, every expected outcome reached', () => {
    assert.equal(run.code, 0, `${run.stdout.slice(-2000)}\n${run.stderr.slice(-2000)}`);
    assert.deepEqual(report.problems, []);
    assert.equal(report.ok, true);
    assert.deepEqual(
      report.rows.filter((r) => !r.ok),
      [],
    );
  });

  it('sweeps at least 80 assets and shows every outcome and all six actions', () => {
    assert.ok(report.sweep.counts.scanned >= 80, `${report.sweep.counts.scanned} assets`);
    assert.deepEqual(report.sweep.partitionsFailed, []);
    for (const outcome of OUTCOMES) assert.ok((report.outcomes[outcome] ?? 0) > 0, `${outcome} is seen`);
    assert.deepEqual([...report.actionsRemediated].sort(), [...ActionName.options].sort());
  });

  it('finds what is idle and calls nothing idle that has no data, a load of its own, an exclusion or no age', () => {
    const { precision, recall, labelled } = report.detection;
    assert.ok(labelled >= 80);
    assert.equal(precision, 1);
    assert.equal(recall, 1);
    for (const archetype of NEVER_IDLE) {
      const rows = report.rows.filter((r) => r.archetype === archetype);
      assert.ok(rows.length > 0, `the estate has ${archetype}`);
      for (const { name, actual } of rows) assert.equal(actual, null, `${name} (${archetype}) was left alone`);
    }
    assert.match(run.stdout, /precision 1\.\d+, recall 1\.\d+/);
  });

  it('what it says it did is what another client reads from the cloud', () => {
    for (const row of report.rows.filter((r) => r.actual === 'remediated'))
      assert.equal(row.cloudState, AFTERWARDS[row.action as ActionName], `${row.name} after ${row.action}`);
    const untouched = ['rejected', 'expired', 'snoozed', 'observed', 'blocked-by-policy', 'blocked-by-drift'];
    for (const row of report.rows.filter((r) => untouched.includes(r.actual ?? '')))
      assert.notEqual(row.cloudState, 'gone', `${row.name} is ${row.actual} and still there`);
    assert.ok((report.savings['verified'] ?? 0) > 0, 'the bill proves savings');
    assert.equal(report.savings['contradicted'] ?? 0, 0);
  });

  it('its export verifies, and does not after any byte of it is changed', async () => {
    const { file } = report.audit;
    const whole = await runCli(null, ['audit', 'verify', file]);
    assert.equal(whole.code, 0, whole.stdout);

    const bytes = await readFile(file);
    const changed = (n: number) => {
      const random = createHash('sha256').update(`position ${n}`).digest();
      const at = random.readUInt32BE(0) % bytes.length;
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] as number) ^ (1 + ((random[4] as number) % 254));
      return { copy, at };
    };
    for (let n = 0; n < POSITIONS; n++) {
      const { copy, at } = changed(n);
      assert.equal((await verifyExport({ content: copy })).status, 'tampered', `byte ${at} of ${bytes.length}`);
    }
    const forged = join(folder, 'forged.jsonl');
    await writeFile(forged, changed(0).copy);
    const told = await runCli(null, ['audit', 'verify', forged]);
    assert.equal(told.code, 1, told.stdout);
    assert.match(told.stdout, /TAMPERED/);
  });

  it('leaves no server behind', () => assert.deepEqual(stillListening, []));
});

async function listening(portsFile: string): Promise<string[]> {
  const ports = JSON.parse(await readFile(portsFile, 'utf8')) as Record<string, number>;
  const open = await Promise.all(
    Object.entries(ports).map(async ([name, port]) => ((await isListening(port)) ? [`${name} on ${port}`] : [])),
  );
  return open.flat();
}
