import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CmdbRecord } from '../../../schemas/cmdb.ts';
import { approved, type ExecutionRig, NOW } from './rig.ts';

const HOUR = 3_600_000;
/** Monday 2026-03-02, 09:00 UTC is 10:00 in Berlin. */
const AFTERNOON = { days: ['mon'], from: '14:00', to: '16:00', timeZone: 'Europe/Berlin' } as const;

async function rigWith(over: {
  changeWindow?: typeof AFTERNOON | null;
  maintenanceWindow?: string | null;
}): Promise<ExecutionRig> {
  const rig = await approved();
  rig.config.policy.changeWindow = over.changeWindow
    ? { ...over.changeWindow, days: [...over.changeWindow.days] }
    : null;
  rig.cloud.cmdb = { maintenanceWindow: over.maintenanceWindow ?? null } as Partial<CmdbRecord>;
  return rig;
}

test('approved outside the window: it says when, changes nothing, holds no budget, and is done when asked then', async () => {
  const rig = await rigWith({ changeWindow: AFTERNOON });
  const first = await rig.run();
  assert.deepEqual([first.result, first.notBefore], ['outside-window', '2026-03-02T13:00:00.000Z']);
  assert.deepEqual([rig.cloud.effects, [...rig.records.held]], [[], []]);
  rig.clock.now = new Date(first.notBefore ?? 0);
  assert.equal((await rig.run()).result, 'applied');
  const outcomes = rig.audit.entries.filter((e) => e.type === 'RESULT').map((e) => e.payload['result']);
  assert.deepEqual(outcomes.filter(Boolean), ['outside-window', 'applied'], 'the trail has both');
});

test('inside both windows only: that of the configuration, and that of the asset in its own zone', async () => {
  // Monday 14:00 to 16:00 in Berlin is 13:00 to 15:00 UTC; the asset allows 14:30 to 20:00 UTC.
  const rig = await rigWith({ changeWindow: AFTERNOON, maintenanceWindow: 'Mon 14:30–Mon 20:00 UTC' });
  assert.equal((await rig.run()).notBefore, '2026-03-02T14:30:00.000Z');
  rig.clock.now = new Date('2026-03-02T13:30:00.000Z');
  assert.equal((await rig.run()).result, 'outside-window', 'one of two is not enough');
  rig.clock.now = new Date('2026-03-02T14:45:00.000Z');
  assert.equal((await rig.run()).result, 'applied');
});

test('the window of the asset alone binds as well', async () => {
  const rig = await rigWith({ maintenanceWindow: 'Tue 22:00–Wed 04:00 Asia/Tokyo' });
  assert.equal((await rig.run()).notBefore, '2026-03-03T13:00:00.000Z');
});

test('a window beyond the validity of the approval is told at once', async () => {
  const rig = await rigWith({ maintenanceWindow: 'Sat 22:00–Sun 04:00 UTC' });
  rig.config.policy.waits.approvalValidFor = 24 * HOUR;
  const { result, reasons, notBefore } = await rig.run();
  assert.deepEqual([result, notBefore], ['blocked-by-policy', undefined]);
  assert.ok(reasons.includes('policy:forbid-outside-window'));
  const told =
    'window-too-late: changes may be made next at 2026-03-07T22:00:00.000Z, and the approval is valid until 2026-03-03T08:00:00.000Z';
  assert.ok(reasons.includes(told), reasons.join('\n'));
});

test('a window nobody can read is not open, and nobody waits for it', async () => {
  const rig = await rigWith({ maintenanceWindow: 'first Sunday' });
  const { result, reasons } = await rig.run();
  assert.equal(result, 'blocked-by-policy');
  assert.ok(reasons.includes('maintenance-window-unreadable:first_Sunday'), reasons.join());
});

test('a window that opens into a freeze is not waited for: the next one that does not is', async () => {
  const rig = await rigWith({ maintenanceWindow: 'daily 13:00-14:00 UTC' });
  rig.config.policy.freezes = [{ from: '2026-03-02T12:00:00Z', to: '2026-03-02T20:00:00Z', reason: 'launch' }];
  assert.equal((await rig.run()).notBefore, '2026-03-03T13:00:00.000Z');
});

for (const [what, spoil] of [
  ['an incident', (rig: ExecutionRig) => void rig.cloud.incidents.push('INC1')],
  [
    'a freeze',
    (rig: ExecutionRig) =>
      void rig.config.policy.freezes.push({ from: '2026-03-01T00:00:00Z', to: '2026-03-03T00:00:00Z', reason: 'x' }),
  ],
  ['the kill switch', (rig: ExecutionRig) => void Object.assign(rig.records, { killSwitch: true })],
  ['the budget', (rig: ExecutionRig) => void Object.assign(rig.records, { exceeded: 'day/' })],
  ['an approver who left', (rig: ExecutionRig) => void rig.cloud.groups.delete('ann@example.com')],
] as const)
  test(`with ${what} in the way as well, waiting would not help`, async () => {
    const rig = await rigWith({ changeWindow: AFTERNOON });
    spoil(rig);
    const { result, notBefore } = await rig.run();
    assert.deepEqual([result, notBefore], ['blocked-by-policy', undefined]);
  });

test('after the last moment of validity nothing waits any more', async () => {
  const rig = await rigWith({ changeWindow: AFTERNOON });
  rig.clock.now = new Date(NOW.getTime() + rig.config.policy.waits.approvalValidFor);
  assert.equal((await rig.run()).result, 'blocked-by-policy');
});
