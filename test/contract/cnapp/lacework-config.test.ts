import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lacework } from '../../../providers/cnapp/lacework/section.ts';
import { SECRET, startLacework } from './lacework-harness.ts';

const least = { apiUrl: 'https://acme.lacework.net', keyId: 'env:A', secret: 'env:B' };

test('an address and two secret references are enough; a secret itself is refused', () => {
  const config = Lacework.parse(least);
  assert.equal(config.requestsPerHour, 480);
  assert.equal(config.names.inventoryAccount.aws, 'cloudDetails.accountID');
  assert.throws(() => Lacework.parse({ ...least, secret: SECRET }), /not the secret itself/);
});

test('spans the API does not take are refused before anything is sent', () => {
  for (const [field, value] of [
    ['window', '8d'],
    ['window', '1m'],
    ['agentSilence', '30d'],
    ['history', '93d'],
    ['history', '1h'],
  ] as const)
    assert.throws(() => Lacework.parse({ ...least, [field]: value }), new RegExp(field), `${field} ${value}`);
});

test('a name the tenant spells differently is set in the configuration, and is then asked for', async () => {
  const odd = await startLacework({
    config: {
      names: { inventoryAccount: { aws: 'cloudDetails.account' }, resourceTypes: { 'AWS::EC2::EIP': ['ec2:odd'] } },
    },
  });
  const query = { accountId: '111122223333', region: 'us-east-1', cursor: null, pageSize: 10 };
  const page = await odd.lacework.listAssets({ ...query, resourceTypes: ['AWS::EC2::EIP'] });
  assert.deepEqual(page.assets, []);
  const sent = JSON.parse(odd.calls('Inventory/search')[0]?.body ?? '{}') as {
    filters: { field: string; values?: string[] }[];
  };
  assert.equal(sent.filters[0]?.field, 'cloudDetails.account');
  assert.ok(sent.filters.some((f) => f.values?.includes('ec2:odd') && f.values.includes('ec2:address')));
});
