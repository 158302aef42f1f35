import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DescribeInstancesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { createCostExplorer } from '../../../providers/cost/aws-cost-explorer/index.ts';
import { type AwsEndpoint, createAwsEndpoint, readSavedEstate } from '../../../sandbox/aws/index.ts';
import type { Estate } from '../../../sandbox/estate/types.ts';
import { ACCOUNT, asset, estateOf, REGION, sandboxAccounts, sandboxClients } from '../../helpers/aws.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import { startMoto } from '../../helpers/servers.ts';

const assets = () => [
  asset('a'),
  asset('b'),
  asset('c', { resourceType: 'AWS::EC2::Volume', volume: { sizeGiB: 10, volumeType: 'gp3', attachedTo: 'a' } }),
  asset('d', { resourceType: 'AWS::EC2::EIP' }),
  asset('e', {
    resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    loadBalancer: { type: 'application', targets: ['b'] },
  }),
];
const costsOf = (url: string, estate: Estate) =>
  createCostExplorer({
    clients: sandboxClients(url, estate),
    cache: memoryCache(),
    accounts: sandboxAccounts(estate),
    config: {
      currency: 'USD',
      resourceLevelServices: ['Amazon Elastic Compute Cloud - Compute'],
      cacheFor: 1000,
      unbilledCacheFor: 1000,
    },
  }).accountCosts({ accountId: ACCOUNT, asOf: new Date(Date.now() + 2 * 86_400_000).toISOString() });
const idsOf = (estate: Estate) => estate.assets.map((a) => a.assetKey);

describe('AWS endpoint: restart', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'idlewise-aws-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const withEndpoint = async (estate: Estate, work: (aws: AwsEndpoint, url: string) => Promise<void>) => {
    const moto = await startMoto();
    try {
      const aws = await createAwsEndpoint({ estate, motoUrl: moto.url, stateFile: join(folder, 'aws.jsonl') });
      try {
        await work(aws, await aws.start());
      } finally {
        await aws.stop();
      }
    } finally {
      await moto.stop();
    }
  };

  it('comes back with the same ids, states, tags and bill in a new moto', async () => {
    const first = estateOf(assets());
    await withEndpoint(first, async (aws) => {
      await aws.world({ do: 'stop', resourceId: first.assets[0]?.resourceId ?? '' });
      aws.advanceBill(2);
      await aws.world({
        do: 'retag',
        resourceId: first.assets[1]?.resourceId ?? '',
        key: 'environment',
        value: 'prod',
      });
    });
    const saved = readSavedEstate(join(folder, 'aws.jsonl'));
    assert.deepEqual(saved, { seed: first.seed, seededAt: first.seededAt });

    // A kill in the middle of writing leaves half a line.
    await appendFile(join(folder, 'aws.jsonl'), '{"k":"call","n":99,"op');
    const second = { ...estateOf(assets()), seededAt: first.seededAt };
    await withEndpoint(second, async (aws, url) => {
      assert.deepEqual(idsOf(second), idsOf(first));
      const { ec2 } = sandboxClients(url, second).clientsFor({ accountId: ACCOUNT, region: REGION });
      const seen = await ec2.send(new DescribeInstancesCommand({}));
      const byId = new Map(seen.Reservations?.flatMap((r) => r.Instances ?? []).map((i) => [i.InstanceId, i]));
      assert.equal(byId.get(second.assets[0]?.resourceId)?.State?.Name, 'stopped');
      const tags = byId.get(second.assets[1]?.resourceId)?.Tags;
      assert.equal(tags?.find((t) => t.Key === 'environment')?.Value, 'prod');
      const volumes = await ec2.send(new DescribeVolumesCommand({ VolumeIds: [second.assets[2]?.resourceId ?? ''] }));
      assert.equal(volumes.Volumes?.[0]?.Attachments?.[0]?.InstanceId, second.assets[0]?.resourceId);
      const { byResource } = await costsOf(url, second);
      assert.equal(byResource.get(second.assets[0]?.resourceId ?? '')?.dailyTrend.at(-1), null);
      assert.equal(byResource.get(second.assets[1]?.resourceId ?? '')?.dailyTrend.at(-1), '2.4');
      await aws.world({ do: 'terminate', resourceId: second.assets[1]?.resourceId ?? '' });
    });

    const third = { ...estateOf(assets()), seededAt: first.seededAt };
    await withEndpoint(third, async (aws) => {
      assert.deepEqual(idsOf(third), idsOf(first));
      assert.ok(aws.mutations().some((m) => m.operation === 'ec2:TerminateInstances'));
    });
  });

  it('refuses to mix a state file with another estate', async () => {
    await assert.rejects(
      withEndpoint({ ...estateOf(assets()), seed: 8 }, async () => undefined),
      /readSavedEstate/,
    );
  });
});
