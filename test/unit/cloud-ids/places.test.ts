import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { parse } from 'csv-parse/sync';
import {
  accountOf,
  accountProblem,
  cloudOfAccount,
  partitionOf,
  regionOf,
  zoneOf,
} from '../../../domain/cloud-ids/index.ts';
import type { CloudProvider } from '../../../schemas/resource-type.ts';

const SUB = '0a1b2c3d-0000-4000-8000-00000000abcd';
const ACCOUNTS: Readonly<Record<CloudProvider, Readonly<Record<string, readonly string[]>>>> = {
  aws: {
    '011122223333': [
      '0111-2222-3333',
      ' 011122223333 ',
      'arn:aws-cn:iam::011122223333:root',
      'arn:aws:organizations::999988887777:account/o-1/011122223333',
    ],
  },
  azure: {
    [SUB]: [
      SUB.toUpperCase(),
      `/subscriptions/${SUB}`,
      `/Subscriptions/${SUB.toUpperCase()}/`,
      `subscriptions/${SUB}`,
      `{${SUB}}`,
      `/subscriptions/${SUB}/resourceGroups/RG`,
    ],
  },
  gcp: {
    'my-project-1': [
      'projects/my-project-1',
      '//cloudresourcemanager.googleapis.com/projects/my-project-1',
      'https://www.googleapis.com/compute/v1/projects/my-project-1/zones/x-y1-a',
    ],
    'example.com:my-project': ['projects/example.com:my-project'],
  },
};
it('every spelling of an account is that account, and tells whose it is', () => {
  for (const [cloud, accounts] of Object.entries(ACCOUNTS) as [CloudProvider, Record<string, string[]>][])
    for (const [account, spellings] of Object.entries(accounts))
      for (const text of [account, ...spellings]) {
        assert.deepEqual(accountOf(cloud, text), { ok: true, value: account }, text);
        assert.equal(cloudOfAccount(text), cloud, text);
        assert.equal(accountProblem(cloud, account), null);
      }
});
it('refuses what is no account, and says what it may be', () => {
  const reason = (cloud: CloudProvider, text: string) => {
    const reading = accountOf(cloud, text);
    return reading.ok ? 'read' : reading.reason;
  };
  assert.match(reason('aws', '11122223333'), /leading zeros/);
  assert.match(reason('gcp', '123456789012'), /project number/);
  assert.match(reason('azure', '/providers/Microsoft.Billing/billingAccounts/1000001'), /subscription id/);
  assert.equal(cloudOfAccount('1000001'), null);
});

const REGIONS: Readonly<Record<CloudProvider, Readonly<Record<string, readonly string[]>>>> = {
  aws: {
    'us-east-1': [
      'US East (N. Virginia)',
      'us-east-1f',
      'use1-az1',
      'us-east-1-wl1-bos-wlz-1',
      'use1-wl1-bos-wlz1',
      'US-EAST-1',
    ],
    'us-west-2': ['us-west-2-lax-1a', 'us-west-2-lax-1', 'usw2-lax1-az1', 'US West (Oregon)'],
    'ap-southeast-1': ['apse1-az2', 'Asia Pacific (Singapore)'],
    'ap-northeast-3': ['apne3-az1'],
    'us-gov-west-1': ['usgw1-az1', 'AWS GovCloud (US-West)', 'us-gov-west-1a'],
    'cn-northwest-1': ['cnnw1-az1', 'China (Ningxia)'],
    'eu-central-1': ['EU (Frankfurt)', 'Europe (Frankfurt)', 'euc1-az3'],
    'sa-east-1': ['South America (São Paulo)', 'South America (Sao Paulo)'],
    'ca-central-1': ['Canada (Central)', 'cac1-az4'],
    'eusc-de-east-1': ['eusc-de-east-1a'],
    'us-isob-east-1': ['us-isob-east-1b'],
    global: ['aws-global', 'NoRegion', 'aws-iso-b-global'],
  },
  azure: {
    eastus: ['East US', 'US East', 'useast', 'EastUS', '(US) East US', 'eastus-1', 'east_us'],
    eastus2: ['East US 2', 'US East 2', 'eastus2-3'],
    southcentralus: ['South Central US', 'US South Central', 'ussouthcentral'],
    eastus2euap: ['East US 2 EUAP'],
    germanywestcentral: ['DE West Central', 'Germany West Central'],
    centralindia: ['IN Central', 'Central India', 'indiacentral'],
    uksouth: ['UK South'],
    uaenorth: ['AE North', 'UAE North'],
    westeurope: ['West Europe', 'EU West', '(Europe) West Europe'],
    global: ['Global', 'Unassigned'],
  },
  gcp: {
    'europe-west1': ['europe-west1-b'],
    'europe-west10': ['europe-west10-a', 'projects/p/zones/europe-west10-a'],
    'europe-west12': ['europe-west12-c', 'https://www.googleapis.com/compute/v1/projects/p/zones/europe-west12-c'],
    'us-central1': [
      'us-central1-ai1a',
      'us-central1-f',
      'Iowa (us-central1)',
      'us-central1 (Iowa)',
      'regions/us-central1',
    ],
    'northamerica-northeast1': ['northamerica-northeast1-a'],
    global: ['global'],
    us: ['US'],
  },
};
it('every spelling of a region is that region', () => {
  for (const [cloud, regions] of Object.entries(REGIONS) as [CloudProvider, Record<string, string[]>][])
    for (const [region, spellings] of Object.entries(regions))
      for (const text of [region, ...spellings])
        assert.deepEqual(regionOf(cloud, text), { ok: true, value: region }, text);
});
it('refuses what is no region of the cloud', () => {
  const wrong = {
    aws: ['eastus', 'us-east', '', 'europe-west1'],
    azure: ['weu', '', 'us-east-1'],
    gcp: ['us-east-1', '', 'Iowa', 'europe-west10-aa'],
  };
  for (const [cloud, texts] of Object.entries(wrong) as [CloudProvider, string[]][])
    for (const text of texts) assert.ok(!regionOf(cloud, text).ok, `${cloud} ${text}`);
});
it('tells the zone from its region', () => {
  assert.deepEqual(zoneOf('gcp', 'us-central1-ai1a'), {
    ok: true,
    value: { region: 'us-central1', zone: 'us-central1-ai1a' },
  });
  assert.deepEqual(zoneOf('azure', 'East US 2-3'), { ok: true, value: { region: 'eastus2', zone: '3' } });
  assert.ok(!zoneOf('aws', 'us-east-1').ok);
});

it('knows each region that the SDK knows, by name, by display name and in its partition', async () => {
  // The SDK's own list of partitions; it is not exported, so it is read where it lies.
  const file = import.meta
    .resolve('@aws-sdk/core')
    .replace(/dist-[a-z]+\/.*$/, 'dist-es/submodules/client/util-endpoints/lib/aws/partitions.js');
  const { partitionsInfo } = (await import(file)) as {
    partitionsInfo: { partitions: { id: string; regions: Record<string, { description: string }> }[] };
  };
  let regions = 0;
  for (const { id, regions: list } of partitionsInfo.partitions)
    for (const [region, { description }] of Object.entries(list)) {
      const expected = region.endsWith('-global') ? 'global' : region;
      assert.deepEqual(regionOf('aws', region), { ok: true, value: expected }, region);
      if (expected !== 'global') assert.equal(partitionOf(region), id, region);
      const named = regionOf('aws', description);
      if (named.ok) assert.equal(named.value, region, description);
      else assert.match(description, /ISO|global region|Saudi|Chile/, `${description} is read by nobody`);
      regions++;
    }
  assert.ok(regions > 40, `${regions}`);
});

const SPELT = new URL('../../../../shared/data/focus/open-data/Regions.csv', import.meta.url);
it('reads no region of the public table as another one', {
  skip: existsSync(SPELT) ? false : 'not run: no ../shared',
}, () => {
  const rows: Record<string, string>[] = parse(readFileSync(SPELT, 'utf8'), { columns: true, bom: true });
  const read = rows.flatMap((row) => {
    const reading = regionOf('azure', row['OriginalValue'] ?? '');
    return reading.ok ? [[row['OriginalValue'], reading.value, row['RegionId']] as const] : [];
  });
  // What people misspelt in a way that looks like a region stays a word of its own.
  const wrong = read.filter(([, is, should]) => is !== should);
  assert.deepEqual(
    wrong.map(([text]) => text),
    ['canandacentral', 'germanywcentral', 'southsoutheastasia'],
  );
  assert.ok(read.filter(([, is, should]) => is === should).length > 220, `${read.length}`);
});
