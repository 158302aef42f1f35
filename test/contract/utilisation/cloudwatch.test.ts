import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GetMetricDataCommand, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { cbor } from '@smithy/core/cbor';
import type { AwsClients } from '../../../providers/cloud/aws/clients.ts';
import { isProviderError } from '../../../ports/errors.ts';
import { createCloudWatch } from '../../../providers/utilisation/cloudwatch/index.ts';
import type { UtilisationPort } from '../../../ports/utilisation.ts';
import type { MetricGenerator, SeededAsset } from '../../../sandbox/estate/types.ts';
import {
  ACCOUNT,
  type AwsFixture,
  asset,
  estateOf,
  REGION,
  sandboxAccounts,
  sandboxClients,
  startAws,
} from '../../helpers/aws.ts';

const HOUR = 3_600_000;
const END = Math.floor(Date.now() / HOUR) * HOUR;
const iso = (ms: number) => new Date(ms).toISOString();
const hours = (count: number) => ({
  accountId: ACCOUNT,
  region: REGION,
  start: iso(END - count * HOUR),
  end: iso(END),
  periodSeconds: 3600,
});

/** Value = hours since the epoch modulo 1000, so that a shifted series shows; no datapoint at every fifth hour. */
const clockwork: MetricGenerator = (seeded, q) =>
  Array.from({ length: Math.ceil((q.endEpoch - q.startEpoch) / q.periodSeconds) }, (_, i) => {
    const hour = Math.floor((q.startEpoch + i * q.periodSeconds) / 3600);
    return seeded.archetype === 'no-metrics' || hour % 5 === 0
      ? null
      : (hour % 1000) + (q.metric === 'NetworkIn' ? 0.5 : 0);
  });

describe('CloudWatch provider', () => {
  let fixture: AwsFixture;
  let clients: AwsClients;
  let port: UtilisationPort;
  const one = asset('one');
  const parked = asset('parked');
  const dark = asset('dark', { resourceType: 'AWS::EC2::Instance', archetype: 'no-metrics' });
  const disk = asset('disk', { resourceType: 'AWS::EC2::Volume', volume: { sizeGiB: 10, volumeType: 'gp3' } });
  const balancer = asset('lb', {
    resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    loadBalancer: { type: 'network', targets: [] },
  });

  before(async () => {
    fixture = await startAws([], { estate: estateOf([one, parked, dark, disk, balancer], clockwork) });
    clients = sandboxClients(fixture.url, fixture.estate, 'read', 1);
    port = createCloudWatch({ clients, accounts: sandboxAccounts(fixture.estate) });
  });
  after(async () => {
    clients.destroy();
    await fixture.stop();
  });

  const ask = (seeded: SeededAsset, metric: string, statistic: 'Maximum' | 'Sum' = 'Maximum') => ({
    asset: { ...seeded, provider: 'aws' as const },
    metric,
    statistic,
  });

  it('puts every datapoint at its own period and leaves gaps null', async () => {
    const answer = await port.fetch(hours(48), [ask(one, 'CPUUtilization'), ask(one, 'NetworkIn', 'Sum')]);
    const [cpu, network] = answer.series.get(one.assetKey) ?? [];
    assert.equal(cpu?.values.length, 48);
    cpu?.values.forEach((value, i) => {
      const hour = END / HOUR - 48 + i;
      assert.equal(value, hour % 5 === 0 ? null : hour % 1000);
    });
    assert.equal(cpu?.unit, 'Percent');
    assert.equal(network?.unit, 'Bytes');
    assert.equal(answer.incomplete.size, 0);
    assert.equal(answer.requests, 1);
  });

  it('finds volumes and load balancers under their own namespaces and dimensions', async () => {
    const answer = await port.fetch(hours(6), [
      ask(disk, 'VolumeReadOps', 'Sum'),
      ask(balancer, 'NewFlowCount', 'Sum'),
    ]);
    for (const found of [disk, balancer]) {
      assert.ok(
        answer.series.get(found.assetKey)?.[0]?.values.some((v) => v !== null),
        found.name,
      );
    }
  });

  it('answers an asset without data with nulls, not zeros', async () => {
    const answer = await port.fetch(hours(24), [ask(dark, 'CPUUtilization')]);
    assert.deepEqual(
      answer.series.get(dark.assetKey)?.[0]?.values,
      Array.from({ length: 24 }, () => null),
    );
  });

  it('sends as few calls as 500 queries and 100,800 datapoints allow', async () => {
    const many = Array.from({ length: 1100 }, () => ask(one, 'CPUUtilization'));
    const short = await port.fetch(hours(24), many);
    assert.equal(short.requests, 3);
    assert.equal(short.series.get(one.assetKey)?.length, 1100);
    const long = await port.fetch(hours(14 * 24), many.slice(0, 600));
    assert.equal(long.requests, 2);
    assert.ok(long.series.get(one.assetKey)?.every((s) => s.values.length === 336 && s.values.some((v) => v !== null)));
  });

  it('pages a series that does not fit, which the service calls partial until its last page', async () => {
    const { cloudWatch } = clients.clientsFor({ accountId: ACCOUNT, region: REGION });
    const input = {
      MetricDataQueries: [
        {
          Id: 'm0',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/EC2',
              MetricName: 'CPUUtilization',
              Dimensions: [{ Name: 'InstanceId', Value: one.resourceId }],
            },
            Period: 3600,
            Stat: 'Maximum',
          },
        },
      ],
      StartTime: new Date(END - 50 * HOUR),
      EndTime: new Date(END),
      MaxDatapoints: 30,
    };
    const first = await cloudWatch.send(new GetMetricDataCommand(input));
    assert.equal(first.MetricDataResults?.[0]?.StatusCode, 'PartialData');
    const last = await cloudWatch.send(new GetMetricDataCommand({ ...input, NextToken: first.NextToken }));
    assert.equal(last.MetricDataResults?.[0]?.StatusCode, 'Complete');
    assert.equal(
      (first.MetricDataResults?.[0]?.Values?.length ?? 0) + (last.MetricDataResults?.[0]?.Values?.length ?? 0),
      40,
    );
    const newest = first.MetricDataResults?.[0]?.Timestamps?.[0]?.getTime() ?? 0;
    assert.ok(
      newest > (last.MetricDataResults?.[0]?.Timestamps?.[0]?.getTime() ?? 0),
      'newest first unless asked otherwise',
    );
    await assert.rejects(cloudWatch.send(new GetMetricDataCommand({ ...input, NextToken: 'zzz' })), {
      name: 'InvalidNextToken',
    });
    await assert.rejects(
      cloudWatch.send(
        new GetMetricDataCommand({
          ...input,
          StartTime: new Date(END - 30 * 24 * HOUR),
          MetricDataQueries: input.MetricDataQueries.map((q) => ({
            ...q,
            MetricStat: { ...q.MetricStat, Period: 60 },
          })),
        }),
      ),
      /multiple of 300/,
    );
  });

  for (const [status, present] of [
    ['Forbidden', false],
    ['InternalError', false],
    ['PartialData', true],
  ] as const) {
    it(`marks a series the service answers with ${status} as incomplete`, async () => {
      const responseBody = JSON.stringify({
        MetricDataResults: [
          { Id: 'm0', Label: 'x', Timestamps: [(END - HOUR) / 1000], Values: [1], StatusCode: status },
          { Id: 'm1', Label: 'x', Timestamps: [], Values: [], StatusCode: 'Complete' },
        ],
      });
      fixture.aws.faults.push({ kind: 'status', status: 200, responseBody, body: 'MetricDataQueries', times: 1 });
      const answer = await port.fetch(hours(2), [ask(one, 'CPUUtilization'), ask(dark, 'CPUUtilization')]);
      assert.deepEqual([...answer.incomplete], [[one.assetKey, status]]);
      assert.equal(answer.series.has(one.assetKey), present);
      assert.ok(answer.series.has(dark.assetKey));
    });
  }

  it('marks a series the service forgot, and distrusts values that are not numbers', async () => {
    const arm = (results: unknown[]) =>
      fixture.aws.faults.push({
        kind: 'status',
        status: 200,
        responseBody: JSON.stringify({ MetricDataResults: results }),
        body: 'MetricDataQueries',
        times: 1,
      });
    arm([]);
    const answer = await port.fetch(hours(2), [ask(one, 'CPUUtilization')]);
    assert.equal(answer.incomplete.get(one.assetKey), 'Missing');
    arm([{ Id: 'm0', Timestamps: [1, 2], Values: [1], StatusCode: 'Complete' }]);
    // One series that makes no sense is no reason to lose the others of its batch.
    const odd = await port.fetch(hours(2), [ask(one, 'CPUUtilization')]);
    assert.equal(odd.incomplete.get(one.assetKey), 'malformed: 2 timestamps for 1 values');
    assert.equal(odd.series.has(one.assetKey), false);
  });

  it('turns throttling, outages, refusals and unknown metrics into the caller’s decision', async () => {
    const fetch = () => port.fetch(hours(2), [ask(one, 'CPUUtilization')]);
    const arm = (status: number, type: string) =>
      fixture.aws.faults.push({
        kind: 'status',
        status,
        responseBody: JSON.stringify({ __type: type, message: 'no' }),
        body: 'MetricDataQueries',
        times: 1,
      });
    arm(400, 'ThrottlingException');
    await assert.rejects(fetch(), (e) => isProviderError(e, 'retry-after') && (e.retryAfterMs ?? 0) > 0);
    arm(500, 'InternalServiceFault');
    await assert.rejects(fetch(), (e) => isProviderError(e, 'unavailable'));
    arm(403, 'AccessDeniedException');
    await assert.rejects(fetch(), (e) => isProviderError(e, 'unauthorised'));
    fixture.aws.faults.push({ kind: 'reset-before-answer', body: 'MetricDataQueries', times: 1 });
    await assert.rejects(fetch(), (e) => isProviderError(e, 'unavailable'));
    fixture.aws.faults.push({ kind: 'truncated-json', body: 'MetricDataQueries', times: 1 });
    await assert.rejects(fetch(), (e) => isProviderError(e, 'malformed'));
    await assert.rejects(port.fetch(hours(2), [ask(one, 'Nonsense')]), (e) => isProviderError(e, 'terminal'));
    assert.match(await port.check(), /2 account/);
  });

  it('shows that an instance went silent when it was stopped, and that another did not', async () => {
    await fixture.aws.world({ do: 'stop', resourceId: parked.resourceId });
    // From the next whole minute on, past the moment of the stop; the generator itself would go on answering.
    const start = Math.ceil(Date.now() / 60_000) * 60_000;
    const window = { ...hours(1), start: iso(start), end: iso(start + 6 * HOUR), periodSeconds: 3600 };
    const answer = await port.fetch(window, [ask(parked, 'CPUUtilization'), ask(one, 'CPUUtilization')]);
    const values = (of: SeededAsset) => answer.series.get(of.assetKey)?.[0]?.values ?? [];
    assert.ok(values(parked).every((v) => v === null));
    assert.ok(values(one).some((v) => v !== null));
  });

  it('speaks the older and the newer protocol of other tools as well', async () => {
    const { cloudWatch } = clients.clientsFor({ accountId: ACCOUNT, region: REGION });
    const query = {
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'InstanceId', Value: one.resourceId }],
      Period: 3600,
      Statistics: ['Maximum' as const],
    };
    const json = await cloudWatch.send(
      new GetMetricStatisticsCommand({ ...query, StartTime: new Date(END - 10 * HOUR), EndTime: new Date(END) }),
    );
    assert.equal(json.Datapoints?.length, 8);

    const credentials = await cloudWatch.config.credentials();
    const headers = {
      authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20260101/${REGION}/monitoring/aws4_request, SignedHeaders=host, Signature=0`,
      'x-amz-security-token': credentials.sessionToken ?? '',
    };
    const form = new URLSearchParams({
      Action: 'GetMetricStatistics',
      Version: '2010-08-01',
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      'Dimensions.member.1.Name': 'InstanceId',
      'Dimensions.member.1.Value': one.resourceId,
      StartTime: iso(END - 10 * HOUR),
      EndTime: iso(END),
      Period: '3600',
      'Statistics.member.1': 'Maximum',
    });
    const old = await fetch(fixture.url, { method: 'POST', headers, body: form });
    assert.equal((await old.text()).match(/<Maximum>/g)?.length, 8);

    const path = '/service/GraniteServiceVersion20100801/operation/GetMetricStatistics';
    const newer = await fetch(fixture.url + path, {
      method: 'POST',
      headers: { ...headers, 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
      body: Uint8Array.from(cbor.serialize({ ...query, StartTime: (END - 10 * HOUR) / 1000, EndTime: END / 1000 })),
    });
    const decoded = cbor.deserialize(new Uint8Array(await newer.arrayBuffer())) as { Datapoints: unknown[] };
    assert.equal(decoded.Datapoints.length, 8);
  });
});
