import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defectsIn } from '../../../clients/cli/commands/quarantine.ts';
import type { QuarantineEntry } from '../../../schemas/records.ts';

const entry = (sweepId: string, day: number, over: Partial<QuarantineEntry> = {}): QuarantineEntry => ({
  ...{ sweepId, source: 'wiz', operation: 'listAssets', rowId: 'x', field: 'arn', found: '""', fix: 'give it an id' },
  at: `2026-03-0${day}T00:00:00Z`,
  ...over,
});

const met: Readonly<Record<string, readonly QuarantineEntry[]>> = {
  new: [entry('new', 3, { found: '"z"' }), entry('new', 3, { source: 'acme', rowId: null })],
  mid: [entry('mid', 2), entry('mid', 2, { rowId: 'mended' })],
  old: [entry('old', 1), entry('old', 1, { rowId: 'mended' })],
};
const store = { quarantined: async (sweepId: string) => met[sweepId] ?? [] };
const sweeps = (...ids: string[]) => ids.map((sweepId) => ({ sweepId }));

test('a defect is one line over all sweeps that met it, as it was found last', async () => {
  const defects = await defectsIn(store, sweeps('new', 'mid', 'old'));
  assert.deepEqual(
    defects.map((d) => [d.source, d.rowId, d.found, d.firstSeen, d.lastSeen, d.sweeps, d.inLastSweep]),
    [
      ['acme', null, '""', '2026-03-03T00:00:00Z', '2026-03-03T00:00:00Z', 1, true],
      ['wiz', 'x', '"z"', '2026-03-01T00:00:00Z', '2026-03-03T00:00:00Z', 3, true],
      ['wiz', 'mended', '""', '2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', 2, false],
    ],
  );
});

test('another field, question or row is another defect; no sweep has none', async () => {
  const rows = [entry('s', 1), entry('s', 1, { field: 'name' }), entry('s', 1, { operation: null })];
  assert.equal((await defectsIn({ quarantined: async () => rows }, sweeps('s'))).length, 3);
  assert.deepEqual(await defectsIn(store, []), []);
});
