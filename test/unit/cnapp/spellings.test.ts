import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readInventoryRow as laceworkRow } from '../../../providers/cnapp/lacework/inventory-row.ts';
import { Lacework } from '../../../providers/cnapp/lacework/section.ts';
import { readInventoryRow as orcaRow } from '../../../providers/cnapp/orca/inventory-row.ts';
import { readInventoryRow as prismaRow } from '../../../providers/cnapp/prisma/inventory-row.ts';
import { readInventoryRow as wizRow } from '../../../providers/cnapp/wiz/inventory-row.ts';
import type { InventoryAsset, ResourceType } from '../../../schemas/asset.ts';

const EIP = 'AWS::EC2::EIP' as const;
const PLACE = { accountId: '111122223333', region: 'eu-west-1' };
const ARN = `arn:aws:ec2:${PLACE.region}:${PLACE.accountId}:`;
/** Both are in use: AWS's own policies say elastic-ip, its inventory service eip-allocation. */
const SPELLINGS = [`${ARN}elastic-ip/eipalloc-0a1b`, `${ARN}eip-allocation/eipalloc-0a1b`];
const AT = '2026-11-29T10:00:00Z';

type Wrapped = Record<string, unknown>;
interface AsSent {
  readonly id: string;
  readonly tags?: unknown;
  readonly region?: string;
}

const lacework = Lacework.parse({ apiUrl: 'https://a.lacework.net', keyId: 'env:A', secret: 'env:B' });

/** One Elastic IP as each CNAPP sends it. */
const READ: Readonly<Record<string, (sent: AsSent) => InventoryAsset | string>> = {
  wiz: ({ id, tags }) => {
    const row = wizRow({ id: 'w', name: 'ip', providerUniqueId: id, tags }, { ...PLACE, resourceTypes: [EIP] });
    return row.ok ? row.asset : row.rejected.fix;
  },
  orca: ({ id, tags }) => {
    const data = { Arn: { value: id }, Tags: { value: tags } };
    const node = { id: 'o', name: 'ip', type: 'AwsEc2ElasticIpAddress', asset_unique_id: 'eip_1', data };
    const asked = new Map<string, ResourceType>([['AwsEc2ElasticIpAddress', EIP]]);
    const labels = { sensitiveLabels: [], adminLabels: [] };
    const row = orcaRow(node, { query: PLACE, asked, idKeys: ['Arn'], ...labels });
    return row.ok ? row.asset : row.rejected.fix;
  },
  prisma: ({ id, tags, region = PLACE.region }) => {
    const node = { id, name: 'ip', rrn: 'rrn:1', accountId: PLACE.accountId, regionId: region, tags, data: {} };
    const row = prismaRow(node, { query: PLACE, type: EIP, oneRegion: true });
    return row.kind === 'asset' ? row.asset : row.kind === 'rejected' ? row.rejected.fix : row.kind;
  },
  lacework: ({ id, tags, region = PLACE.region }) => {
    const node = { urn: id, resourceType: 'ec2:address', resourceRegion: region, endTime: AT, resourceTags: tags };
    const row = laceworkRow(node, { ...PLACE, resourceTypes: [EIP] }, lacework.names);
    return row.kind === 'asset' ? row.found.asset : row.kind === 'rejected' ? row.rejected.fix : row.kind;
  },
};

for (const [vendor, read] of Object.entries(READ)) {
  test(`${vendor}: an address is one asset, however its ARN is spelt`, () => {
    const keys = SPELLINGS.map((id) => read({ id })).map((asset) =>
      typeof asset === 'string' ? asset : asset.assetKey,
    );
    assert.deepEqual(new Set(keys), new Set([SPELLINGS[0]]));
  });

  test(`${vendor}: tags are read in any wrapping, and tags that cannot be read cost their row alone`, () => {
    const [id = ''] = SPELLINGS;
    for (const tags of [
      { env: 'dev' },
      [{ key: 'env', value: 'dev' }],
      [{ Key: 'env', Value: 'dev' }],
      '{"env":"dev"}',
    ]) {
      const asset = read({ id, tags });
      assert.deepEqual((asset as InventoryAsset).tags, { env: 'dev' }, JSON.stringify(tags));
    }
    assert.match(read({ id, tags: 7 }) as string, /must be tags/);
  });
}

const ZONES = new URL('../../../../shared/data/cases/answers/prisma-gcp-zones.json', import.meta.url);
const REGIONS = [
  ['europe-west1-b', 'europe-west1'],
  ['europe-west10-a', 'europe-west10'],
  ['us-central1-ai1a', 'us-central1'],
] as const;

function regionInPrisma(regionId: string, region: string): string {
  const accountId = 'acme-lab-1';
  const zone = regionId;
  const data: Wrapped = {
    selfLink: `https://www.googleapis.com/compute/v1/projects/${accountId}/zones/${zone}/instances/vm-1`,
  };
  const node = { id: '1', name: 'vm-1', rrn: 'rrn:1', accountId, regionId, data };
  const type = 'compute.googleapis.com/Instance' as const;
  const row = prismaRow(node, { query: { accountId, region }, type, oneRegion: false });
  return row.kind === 'asset' ? row.asset.region : row.kind === 'rejected' ? row.rejected.fix : row.kind;
}

test('prisma: a zone is in its region, also where the number of the region has two digits', () => {
  for (const [zone, region] of REGIONS) assert.equal(regionInPrisma(zone, region), region);
  assert.match(regionInPrisma('the moon', 'europe-west1'), /must be a Google Cloud region/);
});

test('prisma: the zones of the public case', { skip: existsSync(ZONES) ? false : 'not run: no ../shared' }, () => {
  const cases = JSON.parse(readFileSync(ZONES, 'utf8')) as { regionId: string; rightRegion: string }[];
  assert.ok(cases.length > 0);
  for (const { regionId, rightRegion } of cases) assert.equal(regionInPrisma(regionId, rightRegion), rightRegion);
});
