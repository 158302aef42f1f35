import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOfType } from '../../../sandbox/azure/reads.ts';
import { keyFor } from '../../../sandbox/azure/spell.ts';
import { createCloudWorld } from '../../../sandbox/clouds/world.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import { providerOf } from '../../../sandbox/estate/kinds.ts';
import { rowsOf } from '../../../sandbox/gcp/reads.ts';
import { databaseRow } from '../../../sandbox/gcp/rows.ts';
import { diskKeyFor } from '../../../sandbox/gcp/spell.ts';
import { azureComputeShapes, googleShapes, type ShapeOf, shapeFaults } from '../../helpers/vendor-shapes.ts';

const estate = buildEstate({ seed: 7, clouds: ['azure', 'gcp'] });
const worldOf = (provider: 'azure' | 'gcp') =>
  createCloudWorld({
    estate,
    assets: estate.assets.filter((a) => providerOf(a.resourceType) === provider),
    diskKey: (asset, name) =>
      provider === 'gcp'
        ? diskKeyFor(asset.accountId, asset.region, name)
        : keyFor(asset.accountId, 'Microsoft.Compute/disks', name),
    transitionMs: 0,
    clock: Date.now,
  });
const accountsOf = (provider: 'azure' | 'gcp') => [
  ...new Set(estate.assets.filter((a) => providerOf(a.resourceType) === provider).map((a) => a.accountId)),
];

function allOf(shapes: ShapeOf, name: string, rows: readonly unknown[]): void {
  assert.ok(rows.length > 0, `no ${name}`);
  const faults = new Set(rows.flatMap((row) => shapeFaults(shapes, name, row)));
  assert.deepEqual([...faults], []);
}

test('the check finds a key that Google does not have, and a number where Google sends text', () => {
  const compute = googleShapes('compute', 'v1');
  assert.deepEqual(shapeFaults(compute, 'Disk', { name: 'd', sizeGb: '10', labels: { a: 'b' } }), []);
  assert.deepEqual(shapeFaults(compute, 'Disk', { sizeGb: 10, size: 1 }), [
    'Disk.sizeGb: is number, not string',
    'Disk.size: Disk has no such key',
  ]);
  assert.deepEqual(shapeFaults(compute, 'Instance', { disks: [{ sauce: 'x' }] }), [
    'Instance.disks.sauce: AttachedDisk has no such key',
  ]);
  const azure = azureComputeShapes();
  assert.deepEqual(shapeFaults(azure, 'virtualMachine', { id: 'x', properties: { hardwareProfile: { size: 'y' } } }), [
    'virtualMachine.properties.hardwareProfile.size: hardwareProfile has no such key',
  ]);
});

for (const [collection, schema] of [
  ['instances', 'Instance'],
  ['disks', 'Disk'],
  ['addresses', 'Address'],
] as const)
  test(`Google Cloud: simulated ${collection} are what the API's own description says`, () => {
    const world = worldOf('gcp');
    const rows = accountsOf('gcp').flatMap((project) =>
      rowsOf({ world, suspended: new Set(), groups: new Map() }, project, collection),
    );
    allOf(googleShapes('compute', 'v1'), schema, rows);
  });

test("Google Cloud: simulated databases are what the API's own description says", () => {
  const world = worldOf('gcp');
  const rows = world.all().flatMap((r) => (r.kind === 'database' ? [databaseRow(world, r)] : []));
  allOf(googleShapes('sqladmin', 'v1'), 'DatabaseInstance', rows);
});

for (const [type, reader] of [
  ['microsoft.compute/virtualmachines', 'virtualMachine'],
  ['microsoft.compute/disks', 'disk'],
] as const)
  test(`Azure: every key of simulated ${type} is one that Azure's own client reads`, () => {
    const world = worldOf('azure');
    const query = new URLSearchParams({ $expand: 'instanceView' });
    const rows = accountsOf('azure').flatMap((subscription) => rowsOfType(world, subscription, { type, query }));
    allOf(azureComputeShapes(), reader, rows);
  });
