import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import {
  assetKeyOf,
  assetOf,
  billKey,
  costKeys,
  spellingsOf,
  type Whereabouts,
} from '../../../domain/cloud-ids/index.ts';

const AT = { accountId: '111122223333', region: 'eu-west-1' } satisfies Whereabouts;
const SUB = '0a1b2c3d-0000-4000-8000-00000000abcd';
const UP = SUB.toUpperCase();

/** One asset a row: its key, and everything that means it. */
const SPELLINGS: readonly (readonly [key: string, at: Whereabouts, spellings: readonly string[]])[] = [
  [
    'arn:aws:ec2:eu-west-1:111122223333:elastic-ip/eipalloc-0961e5bd0f95b9709',
    AT,
    [
      'eipalloc-0961e5bd0f95b9709',
      'arn:aws:ec2:eu-west-1:111122223333:eip-allocation/eipalloc-0961e5bd0f95b9709',
      'arn:aws:ec2:eu-west-1:111122223333:address/eipalloc-0961e5bd0f95b9709',
      ' ARN:aws:ec2:EU-WEST-1:111122223333:elastic-ip/eipalloc-0961E5BD0F95B9709 ',
    ],
  ],
  [
    'arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc',
    { accountId: '1111-2222-3333', region: 'eu-west-1b' },
    ['i-0abc', 'I-0ABC'],
  ],
  ['arn:aws:ec2:eu-west-1:111122223333:volume/vol-0a', { ...AT, region: 'EU (Ireland)' }, ['vol-0a']],
  [
    'arn:aws:ec2:eu-west-1:111122223333:snapshot/snap-0a',
    AT,
    ['snap-0a', 'arn:aws:ec2:eu-west-1::snapshot/snap-0a', 'arn:aws:ec2:eu-west-1:111122223333:snapshot/snap-0a'],
  ],
  ...(
    ['cn-north-1=aws-cn', 'us-gov-west-1=aws-us-gov', 'us-iso-east-1=aws-iso', 'us-isob-east-1=aws-iso-b'] as const
  ).map((pair) => {
    const [region = '', partition = ''] = pair.split('=');
    const key = `arn:${partition}:ec2:${region}:111122223333:instance/i-0abc`;
    // Sources that know one partition only write `aws` everywhere.
    return [key, { ...AT, region }, ['i-0abc', key.replace(partition, 'aws')]] as const;
  }),
  [
    'arn:aws:rds:eu-west-1:111122223333:db:orders',
    { ...AT, resourceType: 'AWS::RDS::DBInstance' },
    ['orders', 'Orders', 'db:orders', 'arn:aws:rds:eu-west-1:111122223333:db:Orders'],
  ],
  [
    'arn:aws:rds:eu-west-1:111122223333:cluster:docs',
    { ...AT, resourceType: 'AWS::DocDB::DBCluster' },
    ['docs', 'cluster:docs'],
  ],
  [
    'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/Web/50dc6c495c0c9188',
    AT,
    ['app/Web/50dc6c495c0c9188', 'loadbalancer/app/Web/50dc6c495c0c9188'],
  ],
  ['arn:aws:logs:eu-west-1:111122223333:log-group:/a/b', AT, ['arn:aws:logs:eu-west-1:111122223333:log-group:/a/b:*']],
  [
    'arn:aws:lambda:eu-west-1:111122223333:function:f',
    AT,
    ['arn:aws:lambda:eu-west-1:111122223333:function:f:$LATEST'],
  ],
  [
    `/subscriptions/${SUB}/resourcegroups/rg-web/providers/microsoft.compute/virtualmachines/vm-1`,
    {},
    [
      `/subscriptions/${UP}/resourceGroups/RG-Web/providers/Microsoft.Compute/virtualMachines/VM-1`,
      `/SUBSCRIPTIONS/${UP}/RESOURCEGROUPS/RG-WEB/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/VM-1/`,
      `subscriptions/${SUB}/resourceGroups/rg-web/providers/microsoft.compute/virtualMachines/vm-1`,
      `https://management.azure.com/subscriptions/${SUB}/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines/vm-1?api-version=2024-07-01`,
    ],
  ],
  [
    '//compute.googleapis.com/projects/proj-1/zones/us-central1-ai1a/instances/web',
    { accountId: 'proj-1', projectNumber: '42', name: 'web', resourceType: 'compute.googleapis.com/Instance' },
    [
      'https://www.googleapis.com/compute/v1/projects/proj-1/zones/us-central1-ai1a/instances/web',
      'https://compute.googleapis.com/compute/v1/projects/proj-1/zones/us-central1-ai1a/instances/web',
      'https://www.googleapis.com/compute/beta/projects/proj-1/zones/us-central1-ai1a/instances/web',
      'projects/proj-1/zones/us-central1-ai1a/instances/web',
      '//compute.googleapis.com/projects/42/zones/us-central1-ai1a/instance/98765',
      '//Compute.GoogleApis.com/projects/proj-1/zones/us-central1-ai1a/instances/web/',
    ],
  ],
  [
    '//compute.googleapis.com/projects/example.com:proj-1/regions/europe-west10/addresses/a',
    {},
    ['https://www.googleapis.com/compute/v1/projects/example.com:proj-1/regions/europe-west10/addresses/a'],
  ],
  [
    '//cloudsql.googleapis.com/projects/proj-1/instances/db',
    {},
    [
      '//sqladmin.googleapis.com/projects/proj-1/instances/db',
      'https://sqladmin.googleapis.com/sql/v1beta4/projects/proj-1/instances/db',
      'https://www.googleapis.com/sql/v1beta4/projects/proj-1/instances/db',
      'https://sqladmin.googleapis.com/v1/projects/proj-1/instances/db',
    ],
  ],
  [
    '//container.googleapis.com/projects/proj-1/locations/europe-west1-b/clusters/c',
    {},
    ['https://container.googleapis.com/v1/projects/proj-1/zones/europe-west1-b/clusters/c'],
  ],
  [
    '//storage.googleapis.com/my-bucket',
    { accountId: 'proj-1' },
    ['gs://my-bucket', '//storage.googleapis.com/projects/_/buckets/my-bucket'],
  ],
];

for (const [key, at, spellings] of SPELLINGS)
  it(`one key for every spelling of ${key.slice(0, 90)}`, () => {
    for (const spelling of [key, ...spellings, ...spellingsOf(key)]) {
      const reading = assetOf(spelling, at);
      assert.ok(reading.ok, `${spelling}: ${reading.ok ? '' : reading.reason}`);
      assert.equal(reading.value.assetKey, key, spelling);
      const again = assetOf(reading.value.assetKey, {
        accountId: reading.value.accountId,
        region: reading.value.region,
      });
      assert.deepEqual(again, reading, `the key of ${spelling} is its own spelling`);
    }
  });

const REFUSED: readonly (readonly [text: string, at: Whereabouts, reason: RegExp])[] = [
  ['203.0.113.10', { ...AT, resourceType: 'AWS::EC2::EIP' }, /allocation id/],
  ['web', { ...AT, resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer' }, /a name/],
  ['web-123.eu-west-1.elb.amazonaws.com', AT, /DNS name/],
  ['i-0abc', {}, /account is not known/],
  ['i-0abc', { accountId: '111122223333' }, /region is not known/],
  ['i-0abc', { ...AT, region: 'us-east-1 or so' }, /region is not known/],
  ['vol-0a', { ...AT, resourceType: 'AWS::EC2::Instance' }, /is a AWS::EC2::Volume/],
  ['vol-backup', AT, /neither an ARN nor an id/],
  ['arn:aws:iam::111122223333:role/x', AT, /type that is not known/],
  [`/subscriptions/${SUB}/resourceGroups/rg`, {}, /type that is not known/],
  ['/subscriptions/mine/resourceGroups/rg/providers/Microsoft.Compute/disks/d', {}, /subscription id/],
  [`/subscriptions/${SUB}/resourceGroups/rg/providers/Microsoft.Compute/disks`, {}, /without a name/],
  ['//compute.googleapis.com/projects/42/zones/us-central1-a/instance/98765', { name: 'web' }, /project number 42/],
  ['//compute.googleapis.com/projects/p-project/zones/us-central1-a/instance/98765', {}, /number of a resource/],
  ['//compute.googleapis.com/projects/p-project/zones/mars/instances/x', {}, /zone/],
  ['projects/p-project/zones/us-central1-a/instances/x', {}, /full resource name/],
  ['https://example.com/projects/p-project/zones/us-central1-a/instances/x', {}, /no host of Google/],
  ['gs://my-bucket', {}, /says no project/],
  ['', {}, /neither/],
];
for (const [text, at, reason] of REFUSED)
  it(`refuses ${text || 'nothing'} with its reason`, () => {
    const reading = assetOf(text, at);
    assert.ok(!reading.ok, JSON.stringify(reading));
    assert.match(reading.reason, reason);
  });

it('knows the key of what is of no type here, and says nothing of its type', () => {
  assert.deepEqual(assetKeyOf('arn:aws:iam::111122223333:role/x'), {
    ok: true,
    value: 'arn:aws:iam::111122223333:role/x',
  });
  assert.ok(assetKeyOf(`/subscriptions/${UP}/resourceGroups/RG/providers/Microsoft.KeyVault/vaults/V`).ok);
});

const CASES = new URL('../../../../shared/data/cases/answers/aws-address-spellings.json', import.meta.url);
it('reads the spellings of the public case as one asset', {
  skip: existsSync(CASES) ? false : 'not run: no ../shared',
}, () => {
  const [spellings = []] = Object.values(JSON.parse(readFileSync(CASES, 'utf8')) as Record<string, string[]>);
  assert.ok(spellings.length > 1);
  assert.equal(new Set(spellings.map((text) => JSON.stringify(assetOf(text)))).size, 1);
});

const BILLED: readonly (readonly [key: string, spellings: readonly string[]])[] = [
  ['i-0abc', ['arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc', 'I-0ABC', ' i-0abc ']],
  ['eipalloc-0a', ['arn:aws:ec2:eu-west-1:111122223333:eip-allocation/eipalloc-0a']],
  ['arn:aws:rds:eu-west-1:111122223333:db:orders', ['arn:aws:rds:eu-west-1:111122223333:db:Orders']],
  [
    `/subscriptions/${SUB}/resourcegroups/rg/providers/microsoft.compute/disks/d`,
    [
      `/subscriptions/${UP}/resourceGroups/RG/providers/Microsoft.Compute/disks/D/`,
      `subscriptions/${SUB}/resourcegroups/rg/providers/microsoft.compute/disks/d`,
    ],
  ],
  ['/providers/microsoft.capacity/reservationorders/1', ['/providers/Microsoft.Capacity/reservationOrders/1/']],
  ['my-bucket', []],
  ['', [' ']],
  ['//compute.googleapis.com/projects/9/zones/us-east1-b/instance/1', []],
];
it('one key for what a bill is about, in whatever way it writes it', () => {
  for (const [key, spellings] of BILLED) for (const text of [key, ...spellings]) assert.equal(billKey(text), key, text);
});
it('finds an asset in a bill by the keys of the asset', () => {
  const asset = assetOf('i-0abc', AT);
  assert.ok(asset.ok);
  assert.deepEqual(costKeys(asset.value), ['i-0abc']);
});
