import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isProviderError, ProviderError } from '../../../ports/errors.ts';
import type { MetricRequest } from '../../../ports/utilisation.ts';
import { createAzureMonitor } from '../../../providers/utilisation/azure-monitor/index.ts';
import { createCloudMonitoring } from '../../../providers/utilisation/cloud-monitoring/index.ts';
import { createCloudWatch } from '../../../providers/utilisation/cloudwatch/index.ts';
import type { AssetRef } from '../../../schemas/asset.ts';

const START = '2026-03-01T00:00:00.000Z';
const window = {
  accountId: 'a',
  region: 'r',
  start: START,
  end: '2026-03-01T02:00:00.000Z',
  periodSeconds: 3600,
};
const ref = (over: Pick<AssetRef, 'assetKey' | 'provider' | 'resourceType'>): AssetRef => ({
  accountId: 'a',
  region: 'r',
  resourceId: over.assetKey,
  ...over,
});

describe('metrics, series by series', () => {
  it('CloudWatch: a datapoint that is no number costs its own series', async () => {
    const ask = (id: string): MetricRequest => ({
      asset: ref({ assetKey: id, provider: 'aws', resourceType: 'AWS::EC2::Instance' }),
      metric: 'CPUUtilization',
      statistic: 'Maximum',
    });
    const at = new Date(START);
    const MetricDataResults = [
      { Id: 'm0', Timestamps: [at], Values: ['12'], StatusCode: 'Complete' },
      { Id: 'm1', Timestamps: [at], Values: [Number.NaN], StatusCode: 'Complete' },
      { Id: 'm2', Timestamps: [at, at], Values: [1], StatusCode: 'Complete' },
    ];
    const clients = { clientsFor: () => ({ cloudWatch: { send: async () => ({ MetricDataResults }) } }) } as never;
    const answer = await createCloudWatch({ clients, accounts: [] }).fetch(window, ['a', 'b', 'c', 'd'].map(ask));
    assert.deepEqual(answer.series.get('a')?.[0]?.values, [12, null]);
    assert.deepEqual([...answer.series.keys()], ['a']);
    assert.deepEqual([...answer.incomplete.keys()], ['b', 'c', 'd']);
    assert.match(answer.incomplete.get('b') ?? '', /not a number at a time/);
    assert.equal(answer.incomplete.get('d'), 'Missing');
  });

  it('Azure Monitor: a resource that fails the call is asked for alone, and the others are read', async () => {
    const ask = (id: string): MetricRequest => ({
      asset: ref({ assetKey: id, provider: 'azure', resourceType: 'Microsoft.Compute/virtualMachines' }),
      metric: 'Percentage CPU',
      statistic: 'Maximum',
    });
    const point = (timeStamp: unknown, maximum: unknown) => ({ timeStamp, maximum });
    const result = (resourceId: string, data: unknown[]) => ({
      resourceId,
      metrics: [
        {
          id: `${resourceId}/providers/x/metrics/Percentage CPU`,
          name: 'CPU',
          unit: 'Percent',
          timeseries: [{ data }],
        },
      ],
    });
    let calls = 0;
    const queryResources = async (ids: string[]) => {
      calls++;
      if (ids.includes('gone'))
        throw new ProviderError({
          kind: 'terminal',
          provider: 'azure-monitor',
          operation: 'q',
          message: 'gone is no resource',
        });
      return ids.map((id) => result(id, [point(id === 'odd' ? undefined : new Date(START), 3)]));
    };
    const clients = {
      config: { subscriptions: [] },
      reading: () => ({ metrics: () => ({ queryResources }) }),
    } as never;
    const port = createAzureMonitor({ clients });
    const answer = await port.fetch(window, ['one', 'gone', 'odd', 'two'].map(ask));
    assert.deepEqual([...answer.series.keys()], ['one', 'two']);
    assert.match(answer.incomplete.get('gone') ?? '', /gone is no resource/);
    assert.match(answer.incomplete.get('odd') ?? '', /not a number at a time/);
    assert.equal(answer.requests, calls);
    // When every one is refused, it is not the resources.
    await assert.rejects(port.fetch(window, [ask('gone')]), (error) => isProviderError(error, 'terminal'));
  });

  it('Cloud Monitoring: a series that cannot be read costs its asset, or all when it does not say whose it is', async () => {
    const ask = (name: string): MetricRequest => ({
      asset: ref({
        assetKey: `//compute.googleapis.com/projects/a/zones/r-b/instances/${name}`,
        provider: 'gcp',
        resourceType: 'compute.googleapis.com/Instance',
      }),
      metric: 'compute.googleapis.com/instance/network/received_bytes_count',
      statistic: 'Sum',
    });
    const series = (name: string, value: unknown, endTime: unknown = '2026-03-01T01:00:00Z') => ({
      resource: { labels: { zone: 'r-b' } },
      metadata: { systemLabels: { name } },
      points: [{ interval: { endTime }, value }],
    });
    const nobody = { points: [{ interval: {}, value: {} }], resource: 7 };
    const portOf = (timeSeries: unknown[]) =>
      createCloudMonitoring({
        clients: { config: { projects: [] }, reading: () => ({ call: async () => ({ timeSeries }) }) } as never,
      });
    const three = ['one', 'two', 'three'].map(ask);
    const answer = await portOf([
      series('one', { int64Value: '42' }),
      series('two', { distributionValue: { count: '3' } }),
      series('three', { doubleValue: 1 }, 'yesterday'),
    ]).fetch(window, three);
    assert.deepEqual(
      [...answer.series.values()].map(([only]) => only?.values),
      [[42, null]],
    );
    assert.equal(answer.incomplete.size, 2);
    const doubtful = await portOf([series('one', { doubleValue: 1 }), nobody]).fetch(window, three);
    assert.equal(doubtful.series.size, 0);
    assert.equal(doubtful.incomplete.size, 3);
  });
});
