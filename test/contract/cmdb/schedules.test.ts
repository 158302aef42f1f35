import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createServiceNowCmdb } from '../../../providers/cmdb/servicenow/index.ts';
import { readMaintenanceWindow } from '../../../domain/maintenance-window.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { SeededAsset } from '../../../sandbox/estate/types.ts';
import { type Instance, secrets, startInstance } from '../servicenow/harness.ts';

const cmdbOn = ({ config }: Instance) => createServiceNowCmdb({ config, secrets });

function seeded(i: Instance, matches: (asset: SeededAsset) => boolean): SeededAsset {
  const asset = i.estate.assets.find((a) => a.cmdb && matches(a));
  assert.ok(asset, 'the estate has such an asset');
  return asset;
}
const anInstance = (i: Instance) => seeded(i, (a) => a.cmdb?.criticality === 3);
const ciOf = (i: Instance, asset: SeededAsset) =>
  i.sim.store.rows('cmdb_ci_vm_object').find((row) => row.object_id === asset.resourceId) ?? {};

describe('maintenance schedules of the ServiceNow CMDB', () => {
  const NIGHT = { start_date_time: '20260103T220000', end_date_time: '20260104T040000' };
  const entries: readonly (readonly [what: string, Readonly<Record<string, string>>, hours: RegExp])[] = [
    ['every day', { ...NIGHT, repeat_type: 'daily' }, /^Mon, Tue, Wed, Thu, Fri, Sat, Sun 22:00-04:00$/],
    ['some days of the week', { ...NIGHT, repeat_type: 'weekly', days_of_week: '67' }, /^Sat, Sun 22:00-04:00$/],
    [
      'whole days',
      {
        all_day: 'true',
        start_date_time: '20260103T000000',
        end_date_time: '20260103T235959',
        repeat_type: 'weekends',
      },
      /^Sat, Sun 00:00-24:00$/,
    ],
    [
      'a weekend in one piece',
      {
        start_date_time: '20260102T200000',
        end_date_time: '20260105T060000',
        repeat_type: 'weekly',
        days_of_week: '5',
      },
      /^Fri 20:00-Mon 06:00$/,
    ],
    ['once', { ...NIGHT }, /repeat_type is empty/],
    [
      'every second week',
      { ...NIGHT, repeat_type: 'weekly', days_of_week: '6', repeat_count: '2' },
      /repeat_count is 2/,
    ],
    ['every month', { ...NIGHT, repeat_type: 'monthly' }, /repeat_type is monthly/],
    ['an exclusion', { ...NIGHT, repeat_type: 'daily', type: 'exclude' }, /type is exclude/],
    ['until a day', { ...NIGHT, repeat_type: 'daily', repeat_until: '20270101' }, /it ends/],
    ['converted to UTC', { ...NIGHT, start_date_time: '20260103T220000Z', repeat_type: 'daily' }, /no local time/],
    [
      'from next year on',
      { start_date_time: '20990103T220000', end_date_time: '20990104T040000', repeat_type: 'daily' },
      /has not begun/,
    ],
  ];

  it('reads the hours of a schedule out of its entries, and opens no window where they say something else', async (t) => {
    const i = await startInstance(t);
    const asset = anInstance(i);
    const { store } = i.sim;
    const schedule = store.insert('cmn_schedule', { name: 'Prod weekend', time_zone: 'Europe/Berlin' }, 'x');
    ciOf(i, asset).maintenance_schedule = schedule.sys_id ?? '';
    const window = async () => {
      const record = (await cmdbOn(i).lookup([asset.resourceId])).records.get(asset.resourceId);
      const { maintenanceWindow: text = null, maintenanceTimeZone: zone = null } = record ?? {};
      return { text: text ?? '', read: readMaintenanceWindow(text, zone) };
    };
    assert.deepEqual(await window(), { text: 'Prod weekend', read: 'unreadable' }, 'without entries, the name');
    const span = store.insert('cmn_schedule_span', { schedule: schedule.sys_id ?? '' }, 'x');
    const blank = { start_date_time: '', end_date_time: '', repeat_type: '', days_of_week: '', type: '' };
    for (const [what, values, hours] of entries) {
      store.update(span, { ...blank, repeat_count: '1', repeat_until: '', show_as: 'busy', ...values }, 'x');
      const { text, read } = await window();
      assert.match(text, hours, what);
      assert.equal(read === 'unreadable', text.startsWith('Prod weekend (not read: entry'), what);
      if (read !== 'unreadable') assert.ok(read?.every(({ timeZone }) => timeZone === 'Europe/Berlin'));
    }
    store.update(span, { ...blank, ...NIGHT, repeat_type: 'weekends' }, 'x');
    const more = { ...NIGHT, schedule: schedule.sys_id ?? '', repeat_type: 'weekMWF', repeat_count: '1' };
    store.insert('cmn_schedule_span', more, 'x');
    const { text, read } = await window();
    assert.match(text, /^(Sat, Sun 22:00-04:00; Mon, Wed, Fri|Mon, Wed, Fri 22:00-04:00; Sat, Sun) 22:00-04:00$/);
    assert.equal(read?.length, 2);
    const child = { schedule: schedule.sys_id ?? '', child_schedule: schedule.sys_id ?? '', type: 'exclude' };
    store.insert('cmn_other_schedule', child, 'x');
    assert.match((await window()).text, /child schedules/);
    assert.equal((await window()).read, 'unreadable');
  });

  it('opens no window while it may not read the entries, and its check says so', async (t) => {
    const i = await startInstance(t);
    const asset = seeded(i, (a) => a.cmdb?.maintenanceWindow != null);
    const closed: typeof i.client = {
      ...i.client,
      async send(request) {
        if (!request.path.includes('cmn_schedule_span')) return i.client.send(request);
        const { operation } = request;
        const message = 'HTTP 403: forbidden';
        throw new ProviderError({ kind: ProviderErrorKind.Unauthorised, provider: 'servicenow', operation, message });
      },
    };
    const cmdb = createServiceNowCmdb({ config: i.config, secrets, client: closed });
    const record = (await cmdb.lookup([asset.resourceId])).records.get(asset.resourceId);
    assert.match(record?.maintenanceWindow ?? '', /may not read cmn_schedule_span/);
    assert.equal(readMaintenanceWindow(record?.maintenanceWindow ?? null, 'UTC'), 'unreadable');
    assert.match(await cmdb.check(), /may not read cmn_schedule_span: give it read access/);
  });

  it('does not take a blackout for a window', async (t) => {
    const i = await startInstance(t);
    const asset = anInstance(i);
    const values = { name: 'Sat 22:00-23:00 UTC', time_zone: 'UTC', type: 'blackout' };
    ciOf(i, asset).maintenance_schedule = i.sim.store.insert('cmn_schedule', values, 'x').sys_id ?? '';
    const record = (await cmdbOn(i).lookup([asset.resourceId])).records.get(asset.resourceId);
    assert.equal(readMaintenanceWindow(record?.maintenanceWindow ?? null, 'UTC'), 'unreadable');
    assert.match(record?.maintenanceWindow ?? '', /blackout/);
  });
});
