import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createServiceNowCmdb } from '../../../providers/cmdb/servicenow/index.ts';
import { cmdbRecordIn } from '../../../ports/cmdb.ts';
import { isProviderError } from '../../../ports/errors.ts';
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

describe('ServiceNow CMDB', () => {
  it('gives for every seeded asset exactly what was seeded, in batches', async (t) => {
    const i = await startInstance(t);
    const ids = i.estate.assets.map((asset) => asset.resourceId);
    const { records: found } = await cmdbOn(i).lookup([...ids, 'i-00000000000000000', ...ids]);
    for (const asset of i.estate.assets) {
      const record = found.get(asset.resourceId);
      if (!asset.cmdb) assert.equal(record, undefined, asset.name);
      else {
        const { criticality, ownerEmail, supportGroup, maintenanceWindow, disasterRecoveryRole, dependents } =
          record ?? {};
        assert.deepEqual(
          { criticality, ownerEmail, supportGroup, maintenanceWindow, disasterRecoveryRole, dependents },
          { ...asset.cmdb, dependents: [...asset.cmdb.dependents] },
          asset.name,
        );
        assert.equal(record?.name, asset.name);
        assert.equal(record?.operationalStatus, 'Operational');
        if (asset.environment === 'prod' || asset.environment === 'dev')
          assert.equal(record?.environment, asset.environment);
        assert.deepEqual(record?.openIncidents, []);
      }
    }
    assert.ok(found.size > 60);
    const batches = Math.ceil(new Set(ids).size / 50) + 1;
    assert.ok(i.calls('GET', /cmdb_ci_vm_object$/) <= batches, 'at most 50 ids per query, each id once');
  });

  it('finds ids that the cloud gave out after the simulator had started', async (t) => {
    const i = await startInstance(t);
    const asset = anInstance(i);
    asset.resourceId = 'i-0feedfacefeedface';
    assert.equal((await cmdbOn(i).lookup(['i-0feedfacefeedface'])).records.get(asset.resourceId)?.name, asset.name);
  });

  it('lists incidents that are open on the item, and only those', async (t) => {
    const i = await startInstance(t);
    const { resourceId } = anInstance(i);
    const { number } = await i.admin('/__sim/world', { do: 'open-incident', resourceId });
    assert.deepEqual((await cmdbOn(i).lookup([resourceId])).records.get(resourceId)?.openIncidents, [number]);
    await i.admin('/__sim/world', { do: 'resolve-incidents', resourceId });
    assert.deepEqual((await cmdbOn(i).lookup([resourceId])).records.get(resourceId)?.openIncidents, []);
  });

  it('takes the greatest criticality of the services, and none when one of them does not say', async (t) => {
    const i = await startInstance(t);
    const asset = anInstance(i);
    const child = ciOf(i, asset).sys_id ?? '';
    const { store } = i.sim;
    const lookup = async () => (await cmdbOn(i).lookup([asset.resourceId])).records.get(asset.resourceId)?.criticality;
    const app = store.insert(
      'cmdb_ci_business_app',
      { name: 'App', business_criticality: '2 - somewhat critical' },
      'x',
    );
    store.insert('cmdb_rel_ci', { parent: app.sys_id ?? '', child, type: '' }, 'x');
    const type = store.rows('cmdb_rel_type')[0]?.sys_id ?? '';
    for (const row of store.rows('cmdb_rel_ci')) row.type = type;
    assert.equal(await lookup(), 2);
    store.update(app, { business_criticality: '' }, 'x');
    assert.equal(await lookup(), null);
  });

  it('does not count as dependent what merely contains the item', async (t) => {
    const i = await startInstance(t);
    const asset = seeded(i, (a) => a.cmdb?.dependents.length === 0);
    const { store } = i.sim;
    const type = store.insert('cmdb_rel_type', { name: 'Contains::Contained by' }, 'x');
    const parent = store.insert('cmdb_ci_appl', { name: 'Rack 4' }, 'x');
    const child = ciOf(i, asset).sys_id ?? '';
    store.insert('cmdb_rel_ci', { parent: parent.sys_id ?? '', child, type: type.sys_id ?? '' }, 'x');
    assert.deepEqual((await cmdbOn(i).lookup([asset.resourceId])).records.get(asset.resourceId)?.dependents, []);
  });

  it('joins two items of one resource to the more careful of both', async (t) => {
    const i = await startInstance(t);
    const asset = anInstance(i);
    const copy = { ...ciOf(i, asset), sys_id: 'b'.repeat(32), owned_by: '' };
    i.sim.store.insert('cmdb_ci_vm_instance', copy, 'x');
    const record = (await cmdbOn(i).lookup([asset.resourceId])).records.get(asset.resourceId);
    assert.equal(record?.criticality, null);
    assert.equal(record?.ownerEmail, null);
    i.sim.store.update(i.sim.store.get('cmdb_ci', 'b'.repeat(32)) ?? {}, { operational_status: '6' }, 'x');
    assert.equal((await cmdbOn(i).lookup([asset.resourceId])).records.get(asset.resourceId)?.criticality, 3);
  });

  it('does not name an owner who has left', async (t) => {
    const i = await startInstance(t);
    const asset = seeded(i, (a) => a.cmdb?.ownerEmail != null);
    i.sim.store.update(i.sim.store.get('sys_user', ciOf(i, asset).owned_by ?? '') ?? {}, { active: 'false' }, 'x');
    assert.equal((await cmdbOn(i).lookup([asset.resourceId])).records.get(asset.resourceId)?.ownerEmail, null);
  });

  it('refuses the whole answer when the instance drops the filter', async (t) => {
    const i = await startInstance(t, { config: { ciResourceIdField: 'objekt_id' } });
    await assert.rejects(
      cmdbOn(i).lookup(['i-0123456789abcdef0']),
      (e) => isProviderError(e, 'malformed') && /dropped/.test(e.message),
    );
  });

  it('refuses the answer when incidents are withheld by an ACL', async (t) => {
    const i = await startInstance(t);
    const { resourceId } = anInstance(i);
    await i.admin('/__sim/world', { do: 'open-incident', resourceId });
    const sysId = i.sim.store.rows('incident')[0]?.sys_id;
    await i.admin('/__sim/world', { do: 'hide', table: 'incident', sysId });
    await assert.rejects(cmdbOn(i).lookup([resourceId]), (e) => isProviderError(e, 'unauthorised'));
  });

  it('leaves out a malformed row, names it, and keeps the others', async (t) => {
    const i = await startInstance(t);
    const [a, b] = i.estate.assets.filter((asset) => asset.cmdb);
    ciOf(i, a as SeededAsset).sys_id = 'not-a-sys-id';
    const cmdb = cmdbOn(i);
    const answer = await cmdb.lookup([a?.resourceId ?? '', b?.resourceId ?? '']);
    assert.deepEqual([...answer.records.keys()], [b?.resourceId]);
    const [problem, ...more] = answer.rejected;
    assert.deepEqual(more, []);
    assert.deepEqual(
      [problem?.source, problem?.field, problem?.found, problem?.assetKey],
      ['servicenow-cmdb', 'sys_id', '"not-a-sys-id"', a?.resourceId],
    );
    assert.match(problem?.fix ?? '', /32 hexadecimal digits/);
    assert.ok(cmdbRecordIn(cmdb, answer, b?.resourceId ?? ''));
    assert.throws(
      () => cmdbRecordIn(cmdb, answer, a?.resourceId ?? ''),
      (e) => isProviderError(e, 'malformed') && /could not be read/.test(e.message),
      'it may be the one with the open incident',
    );
  });

  it('an incident, a role or a relation that cannot be read costs its own item, and says so', async (t) => {
    const i = await startInstance(t);
    const [a, b] = i.estate.assets.filter((asset) => asset.cmdb) as [SeededAsset, SeededAsset];
    for (const { resourceId } of [a, b]) await i.admin('/__sim/world', { do: 'open-incident', resourceId });
    const cmdb = cmdbOn(i);
    const broken = i.sim.store.rows('incident').find((row) => row.cmdb_ci === ciOf(i, a).sys_id) ?? {};
    broken.number = '';
    const answer = await cmdb.lookup([a.resourceId, b.resourceId]);
    assert.deepEqual(
      [...answer.records.keys()],
      [b.resourceId],
      'nobody knows whether the incident forbids the change',
    );
    assert.equal(answer.records.get(b.resourceId)?.openIncidents.length, 1);
    assert.deepEqual(
      answer.rejected.map(({ source, operation, field, rowId, assetKey }) => ({
        source,
        operation,
        field,
        rowId,
        assetKey,
      })),
      [
        {
          source: 'servicenow-cmdb',
          operation: 'incident',
          field: 'number',
          rowId: broken.sys_id,
          assetKey: a.resourceId,
        },
      ],
    );
    assert.throws(
      () => cmdbRecordIn(cmdb, answer, a.resourceId),
      (e) => isProviderError(e, 'malformed'),
    );
    assert.ok(cmdbRecordIn(cmdb, answer, b.resourceId));
  });

  it('names an owner row that cannot be read, and takes the item to have no owner', async (t) => {
    const i = await startInstance(t);
    const asset = seeded(i, (a) => a.cmdb?.ownerEmail != null);
    const owner = ciOf(i, asset).owned_by ?? '';
    i.sim.store.update(i.sim.store.get('sys_user', owner) ?? {}, { active: '' }, 'x');
    const answer = await cmdbOn(i).lookup([asset.resourceId]);
    assert.equal(answer.records.get(asset.resourceId)?.ownerEmail, null);
    const [problem] = answer.rejected;
    assert.deepEqual(
      [problem?.operation, problem?.field, problem?.rowId, problem?.assetKey],
      ['sys_user', 'active', owner, undefined],
    );
  });

  it('prints nothing while it reads', async (t) => {
    const i = await startInstance(t);
    const printed: unknown[] = [];
    const { log } = console;
    console.log = (...args: unknown[]) => printed.push(args);
    t.after(() => {
      console.log = log;
    });
    await cmdbOn(i).lookup([anInstance(i).resourceId]);
    assert.deepEqual(printed, []);
  });

  it('says in its check how many items it sees', async (t) => {
    const i = await startInstance(t);
    assert.match(
      await cmdbOn(i).check(),
      /^cmdb_ci_vm_object on http:\/\/127\.0\.0\.1:\d+ holds \d+ items; entries of .+ can be read$/,
    );
  });
});
