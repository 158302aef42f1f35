import { at, textOf } from '../../../providers/rows.ts';
import { mapAwsError } from '../../../providers/cloud/aws/errors.ts';
import { assumeRole } from '../../../providers/cloud/aws/credentials.ts';
import { readOfferings } from '../../../providers/cloud/aws/executor/resize-compat.ts';
import { readSnapshots } from '../../../providers/cloud/aws/executor/snapshots.ts';
import { describeAssets } from '../../../providers/cloud/aws/reader/describe-assets.ts';
import { readInstanceAttributes } from '../../../providers/cloud/aws/reader/instance-attributes.ts';
import { readInstanceTypes } from '../../../providers/cloud/aws/reader/instance-types.ts';
import { readTagDescriptions } from '../../../providers/cloud/aws/reader/load-balancers.ts';
import { readTargetGroups, readTargetHealths } from '../../../providers/cloud/aws/reader/region-index.ts';
import { createCloudWatch } from '../../../providers/utilisation/cloudwatch/index.ts';
import type { AssetRef, ResourceType } from '../../../schemas/asset.ts';
import { type CloudOutcome, cloudReader, incompleteRow, parsedRows } from '../cloud-reader.ts';
import { billFile, costExplorer } from '../cost-readers.ts';
import type { VendorReaders } from '../reader.ts';

/** The SDK makes dates of these; the files hold text. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

function sdkForm(value: unknown): unknown {
  if (typeof value === 'string' && INSTANT.test(value)) return new Date(value);
  if (Array.isArray(value)) return value.map(sdkForm);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sdkForm(inner)]));
}

type Answers = Readonly<Record<string, (input: Record<string, unknown>) => unknown>>;

/** Clients whose calls are answered from a recording; what was not recorded is answered with nothing. */
function clientsOf(answers: Answers) {
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) =>
    sdkForm(answers[command.constructor.name.replace(/Command$/, '')]?.(command.input) ?? {});
  return { ec2: { send }, elb: { send }, autoScaling: { send }, rds: { send }, cloudWatch: { send } } as never;
}

function listIn(body: unknown, ...path: readonly string[]): unknown[] {
  const found = at(body, path);
  return Array.isArray(found) ? (found as unknown[]) : [];
}

function refOf(resourceType: ResourceType, resourceId: string, assetKey = resourceId): AssetRef {
  return { provider: 'aws', accountId: '111122223333', region: 'us-east-1', resourceType, resourceId, assetKey };
}

/** An answer that is an error must come out as the error of all providers. */
function refusedAnswer(body: unknown): null {
  const code = textOf(body, 'Error', 'Code');
  if (code === null) return null;
  const thrown = Object.assign(new Error(textOf(body, 'Error', 'Message') ?? ''), { name: code, $metadata: {} });
  throw mapAwsError(thrown, 'recorded');
}

const listOr = (body: unknown, name: string) => (textOf(body, 'Error', 'Code') === null ? listIn(body, name) : null);

/** Rows of `nodes`, each of an asset of this type, described by the adapter itself. */
async function described(
  nodes: readonly unknown[],
  of: { readonly type: ResourceType; readonly id: string; readonly key?: string },
  answers: Answers,
): Promise<CloudOutcome> {
  const refs = nodes.flatMap((node) => {
    const id = textOf(node, of.id);
    return id === null ? [] : refOf(of.type, id, textOf(node, of.key ?? of.id) ?? id);
  });
  const result = await describeAssets(clientsOf(answers), refs, { detailed: false });
  const own = new Set(refs.map((ref) => ref.assetKey));
  const refused = result.rejected.filter((row) => row.assetKey === undefined || own.has(row.assetKey));
  return { read: result.facts.size, refused };
}

const instancesIn = (body: unknown) =>
  listIn(body, 'Reservations').flatMap((reservation) => listIn(reservation, 'Instances'));

async function instances(body: unknown): Promise<CloudOutcome> {
  const all = instancesIn(body);
  // One that was terminated is gone, which is no refusal.
  const gone = all.filter((node) => textOf(node, 'State', 'Name') === 'terminated');
  const nodes = all.filter((node) => !gone.includes(node));
  const outcome = await described(
    nodes,
    { type: 'AWS::EC2::Instance', id: 'InstanceId' },
    {
      DescribeInstances: () => body,
      DescribeVolumes: ({ VolumeIds }) => ({ Volumes: (VolumeIds as string[]).map(someVolume) }),
    },
  );
  return { ...outcome, leftOut: gone.length };
}

const someVolume = (VolumeId: string) => ({
  VolumeId,
  State: 'in-use',
  Size: 8,
  VolumeType: 'gp2',
  Encrypted: false,
  CreateTime: '2015-11-24T14:40:40Z',
  AvailabilityZone: 'us-west-2a',
});

async function metricData(body: unknown): Promise<CloudOutcome> {
  const results = listIn(body, 'MetricDataResults');
  const ids = results.map((_, i) => `i-${i}`);
  const named = results.map((result, i) => ({ ...(result as object), Id: `m${i}` }));
  const clients = { clientsFor: () => clientsOf({ GetMetricData: () => ({ MetricDataResults: named }) }) } as never;
  const times = results.flatMap((result) => listIn(result, 'Timestamps') as string[]).map((text) => Date.parse(text));
  const [start, end] = [Math.min(...times, 0), Math.max(...times, 3_600_000) + 3_600_000];
  const answer = await createCloudWatch({ clients, accounts: [] }).fetch(
    {
      accountId: 'a',
      region: 'r',
      start: new Date(start).toISOString(),
      end: new Date(end).toISOString(),
      periodSeconds: 86_400,
    },
    ids.map((id) => ({ asset: refOf('AWS::EC2::Instance', id), metric: 'CPUUtilization', statistic: 'Maximum' })),
  );
  const refused = [...answer.incomplete.values()].map(incompleteRow);
  return { read: results.length - refused.length, refused };
}

async function attribute(body: unknown): Promise<CloudOutcome> {
  const read = await readInstanceAttributes(clientsOf({ DescribeInstanceAttribute: () => body }), 'i-1');
  return { read: read ? 1 : 0, refused: [] };
}

/** Listeners and attributes are read of each load balancer, so one is described that has them. */
async function aroundABalancer(body: unknown): Promise<CloudOutcome> {
  const listeners = listIn(body, 'Listeners');
  const attributes = listIn(body, 'Attributes');
  const LoadBalancerArn = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/a/b';
  const balancer = {
    LoadBalancerArn,
    LoadBalancerName: 'a',
    CreatedTime: '2017-03-01T00:00:00Z',
    Type: 'application',
    State: { Code: 'active' },
  };
  const outcome = await described(
    [balancer],
    { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', id: 'LoadBalancerArn' },
    {
      DescribeLoadBalancers: () => ({ LoadBalancers: [balancer] }),
      DescribeTags: () => ({ TagDescriptions: [{ ResourceArn: LoadBalancerArn, Tags: [] }] }),
      DescribeListeners: () => ({ Listeners: listeners }),
      DescribeLoadBalancerAttributes: () => ({ Attributes: attributes }),
    },
  );
  const rows = listeners.length + attributes.length;
  return { read: outcome.read === 1 ? rows : 0, refused: outcome.refused };
}

const BALANCER = { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', id: 'LoadBalancerArn' } as const;
const DATABASE = { type: 'AWS::RDS::DBInstance', id: 'DBInstanceIdentifier', key: 'DBInstanceArn' } as const;

async function balancers(body: unknown): Promise<CloudOutcome> {
  const tags = ({ ResourceArns }: Record<string, unknown>) => ({
    TagDescriptions: (ResourceArns as string[]).map((ResourceArn) => ({ ResourceArn, Tags: [] })),
  });
  const nodes = listIn(body, 'LoadBalancers');
  return described(nodes, BALANCER, { DescribeLoadBalancers: () => body, DescribeTags: tags });
}

async function assumed(body: unknown): Promise<CloudOutcome> {
  const sts = { send: async () => sdkForm(body) } as never;
  const session = await assumeRole(sts, { roleArn: 'r', sessionName: 's', durationSeconds: 900 });
  return { read: session.accessKeyId === '' ? 0 : 1, refused: [] };
}

const rowsOf = (name: string) => (body: unknown) => listOr(body, name);
const parse = (name: string, read: Parameters<typeof parsedRows>[1]) => (body: unknown) =>
  refusedAnswer(body) ?? parsedRows(listIn(body, name).map(sdkForm), read);
const around = (body: unknown) => [...listIn(body, 'Listeners'), ...listIn(body, 'Attributes')];

export const aws: VendorReaders = {
  vendor: 'aws',
  readers: [
    costExplorer,
    billFile,
    cloudReader(/^ec2:DescribeInstances$/, instancesIn, instances),
    cloudReader(/^ec2:DescribeVolumes$/, rowsOf('Volumes'), (body) =>
      described(listIn(body, 'Volumes'), { type: 'AWS::EC2::Volume', id: 'VolumeId' }, { DescribeVolumes: () => body }),
    ),
    cloudReader(/^ec2:DescribeAddresses( -> 400)?$/, rowsOf('Addresses'), (body) => {
      const of = { type: 'AWS::EC2::EIP', id: 'AllocationId' } as const;
      return refusedAnswer(body) ?? described(listIn(body, 'Addresses'), of, { DescribeAddresses: () => body });
    }),
    cloudReader(/^ec2:DescribeInstanceAttribute$/, (body) => [body], attribute),
    cloudReader(/^ec2:DescribeInstanceTypes$/, rowsOf('InstanceTypes'), parse('InstanceTypes', readInstanceTypes)),
    cloudReader(
      /^ec2:DescribeInstanceTypeOfferings$/,
      rowsOf('InstanceTypeOfferings'),
      parse('InstanceTypeOfferings', readOfferings),
    ),
    cloudReader(/^ec2:DescribeSnapshots( -> 400)?$/, rowsOf('Snapshots'), parse('Snapshots', readSnapshots)),
    cloudReader(/^elasticloadbalancing:DescribeLoadBalancers$/, rowsOf('LoadBalancers'), balancers),
    cloudReader(
      /^elasticloadbalancing:DescribeTags$/,
      rowsOf('TagDescriptions'),
      parse('TagDescriptions', readTagDescriptions),
    ),
    cloudReader(/:DescribeTargetGroups$/, rowsOf('TargetGroups'), parse('TargetGroups', readTargetGroups)),
    cloudReader(
      /:DescribeTargetHealth$/,
      rowsOf('TargetHealthDescriptions'),
      parse('TargetHealthDescriptions', readTargetHealths),
    ),
    cloudReader(/^elasticloadbalancing:Describe(Listeners|LoadBalancerAttributes)$/, around, aroundABalancer),
    cloudReader(/^rds:DescribeDBInstances$/, rowsOf('DBInstances'), (body) =>
      described(listIn(body, 'DBInstances'), DATABASE, { DescribeDBInstances: () => body }),
    ),
    cloudReader(/^cloudwatch:GetMetricData$/, rowsOf('MetricDataResults'), metricData),
    cloudReader(/^sts:AssumeRole$/, (body) => [body], assumed),
  ],
  unread: [
    {
      endpoint: /^cur:|^ce:Get(Anomalies|CostForecast|DimensionValues|Reservation|SavingsPlans|Tags)/,
      why: 'not called',
    },
    {
      endpoint:
        /^(ec2:(CreateSnapshots?|StartInstances|StopInstances|TerminateInstances|ModifyVolume|ReleaseAddress -> 400)|rds:(Start|Stop)DBInstance)$/,
      why: 'a change: nothing of the answer is believed, the cloud is looked at again',
    },
    { endpoint: /^ec2:DescribeRegions$|^sts:GetCallerIdentity$/, why: 'that it answers is all that is asked' },
    {
      endpoint:
        /^(autoscaling:DescribeAutoScalingGroups|budgets|cloudcontrol|compute-optimizer|config|cost-optimization-hub|monitoring):?/,
      why: 'not called',
    },
    { endpoint: /^cloudwatch:(Describe|GetMetricStream|ListMetrics)/, why: 'not called' },
    {
      endpoint:
        /^ec2:Describe(AddressesAttribute|AvailabilityZones|Capacity|NatGateways|NetworkInterfaces|Reserved|Spot|Tags|VolumesModifications)/,
      why: 'not called',
    },
    {
      endpoint: /^rds:(Describe(DBClusters|DBSnapshots|Db|Pending|Reserved)|List|StopDBCluster|.*Replication$)/,
      why: 'not called',
    },
    { endpoint: /^(organizations|pricing|savingsplans|securityhub|support|tagging):/, why: 'not called' },
  ],
};
