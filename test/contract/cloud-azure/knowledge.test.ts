import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextSmaller } from '../../../domain/sizing.ts';
import { azure } from '../../../domain/clouds/azure/index.ts';
import { parseId } from '../../../providers/cloud/azure/ids.ts';
import { lockedBy } from '../../../providers/cloud/azure/reader/locks.ts';
import { managedByFrom } from '../../../domain/controllers/controller-of.ts';
import { hasLocalDisks, stateOf } from '../../../providers/cloud/azure/reader/vm-state.ts';
import { ActionName } from '../../../schemas/option.ts';

test('sizes go down within a series and never below the memory that is needed', () => {
  const down = (instanceType: string, steps: number, memoryGiB = 0) =>
    nextSmaller(azure.familyOf(instanceType), { instanceType, steps, fits: (s) => s.memoryGiB >= memoryGiB })
      ?.instanceType;
  assert.equal(down('Standard_D8s_v5', 1), 'Standard_D4s_v5');
  assert.equal(down('Standard_D8s_v5', 2), 'Standard_D2s_v5');
  assert.equal(down('Standard_D8s_v5', 2, 12), 'Standard_D4s_v5');
  assert.equal(down('Standard_D2s_v5', 1), undefined);
  assert.equal(down('Standard_L8s_v3', 1), undefined);
  assert.deepEqual(azure.shapeOf('Standard_F16s_v2'), {
    instanceType: 'Standard_F16s_v2',
    architecture: 'x86_64',
    vcpus: 16,
    memoryGiB: 32,
  });
  assert.equal(azure.shapeOf('Standard_E4-2s_v5'), null);
  assert.equal(azure.shapeOf('Standard_B2ms')?.memoryGiB, 8);
});

test('prices are those of the table, linear in a series, by tier for disks, and null when not known', () => {
  assert.equal(azure.prices.instanceMonthly('Standard_D2s_v5')?.toString(), '70.08');
  assert.equal(azure.prices.instanceMonthly('Standard_D8s_v5')?.toString(), '280.32');
  assert.equal(azure.prices.instanceMonthly('Standard_M128s'), null);
  assert.equal(azure.prices.volumeMonthly({ volumeType: 'Premium_LRS', sizeGiB: 100 })?.toString(), '19.71');
  assert.equal(azure.prices.volumeMonthly({ volumeType: 'UltraSSD_LRS', sizeGiB: 100 }), null);
  assert.equal(azure.prices.volumeMonthly({ volumeType: 'Premium_LRS', sizeGiB: 9000 }), null);
  assert.equal(azure.priceRatio('Standard_D8s_v5', 'Standard_D2s_v5')?.toString(), '0.25');
  assert.equal(azure.priceRatio('Standard_B4ms', 'Standard_B2ms')?.toFixed(2), '0.50');
  assert.equal(azure.priceRatio('Standard_D8s_v5', 'Standard_E8s_v5'), null);
  assert.equal(azure.prices.databaseStorageMonthly('GeneralPurpose', 132)?.toString(), '11.5');
  assert.equal(azure.prices.databaseStorageMonthly('BusinessCritical', 132), null);
  assert.equal(azure.isComputeOnly('Virtual Machines'), true);
  assert.equal(azure.isComputeOnly('Storage'), false);
});

test('every action has texts, and a name cannot break out of a command', () => {
  const resourceId = "/subscriptions/x/resourcegroups/rg';rm -rf ~;'/providers/microsoft.compute/virtualmachines/$(id)";
  const asset = { assetKey: resourceId, resourceId, region: 'westeurope', provider: 'azure' };
  for (const action of ActionName.options) {
    const texts = azure.texts(action, { asset, facts: null } as never, {
      from: 'Standard_D4s_v5',
      to: 'Standard_D2s_v5',
    });
    assert.ok(texts && texts.steps.length > 2, action);
    assert.match(texts.command, /^az /);
    assert.doesNotMatch(texts.command.replaceAll(/'(?:[^']|'\\'')*'/g, ''), /[;$~]/, action);
    assert.doesNotMatch(texts.terraform, /(?<!\$)\$\{/);
  }
});

test('power states are Azure’s own words, and an unknown one is an error', () => {
  const view = (word: string) => ({ statuses: [{ code: `PowerState/${word}`, time: undefined }] });
  assert.equal(stateOf(view('deallocated'), 'Succeeded'), 'stopped');
  assert.equal(stateOf(view('stopped'), 'Succeeded'), 'stopped-allocated');
  assert.equal(stateOf(view('deallocating'), 'Updating'), 'stopping');
  assert.equal(stateOf(view('stopping'), 'Updating'), 'pending');
  assert.equal(stateOf(view('running'), 'Deleting'), 'shutting-down');
  assert.throws(() => stateOf(view('unknown'), 'Succeeded'), /PowerState\/unknown.*not a power state/);
  assert.throws(() => stateOf(null, 'Succeeded'), /found null/);
});

test('local disks are known by the size’s name', () => {
  for (const [size, local] of [
    ['Standard_D4s_v5', false],
    ['Standard_D4ds_v5', false],
    ['Standard_D4ds_v6', true],
    ['Standard_L8s_v3', true],
    ['Standard_NC24ads_A100_v4', true],
    ['Standard_B2s', false],
    ['Standard_E4-2s_v5', false],
    ['Standard_ZZ4s_v9', null],
    ['something', null],
  ] as const)
    assert.equal(hasLocalDisks(size), local, size);
});

test('locks are inherited, by whole path parts only', () => {
  const id = '/subscriptions/s/resourcegroups/rg/providers/microsoft.compute/disks/d1';
  const at = (scope: string, level = 'CanNotDelete') => lockedBy([{ scope, level }], id);
  assert.deepEqual(at('/subscriptions/s'), { deleting: true, changing: false });
  assert.deepEqual(at('/subscriptions/s/resourcegroups/rg', 'ReadOnly'), { deleting: true, changing: true });
  assert.deepEqual(at('/subscriptions/s/resourcegroups/r'), { deleting: false, changing: false });
  assert.deepEqual(at(id, 'SomethingNew'), { deleting: true, changing: true });
  assert.deepEqual(at(`${id}1`), { deleting: false, changing: false });
});

test('managed resource groups and tags of tools are recognised', () => {
  const managedBy = (tags: Record<string, string>, resourceGroup: string) =>
    managedByFrom({ provider: 'azure', tags, name: '', resourceGroup });
  assert.equal(managedBy({}, 'mc_rg_cluster_westeurope'), 'aks');
  assert.equal(managedBy({}, 'databricks-rg-w-abc'), 'databricks');
  assert.equal(managedBy({ 'managed-by': 'Terraform' }, 'rg'), 'terraform');
  assert.equal(managedBy({ terraform: 'false' }, 'rg'), null);
  assert.equal(managedBy({ owner: 'me' }, 'rg'), null);
});

test('ids are taken apart without regard to case, and nothing else is', () => {
  assert.deepEqual(parseId('/subscriptions/S/resourceGroups/RG/providers/Microsoft.Compute/disks/D'), {
    id: '/subscriptions/s/resourcegroups/rg/providers/microsoft.compute/disks/d',
    subscriptionId: 's',
    resourceGroup: 'rg',
    type: 'microsoft.compute/disks',
    name: 'd',
  });
  assert.equal(parseId('/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/a/databases/b'), null);
  assert.equal(parseId('arn:aws:ec2:x'), null);
});
