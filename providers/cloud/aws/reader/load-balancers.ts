import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { Readings, RejectedRow } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { LoadBalancerFacts } from '../../../../schemas/cloud-facts.ts';
import { RowError, rejectedRow } from '../../../rows.ts';
import { mapAwsError } from '../errors.ts';
import { describeByIds } from './by-ids.ts';
import { Instant, keysOf, OptionalText, parseAws, readAws, Tags } from './parse.ts';
import type { RegionIndex } from './region-index.ts';
import { pickRef } from './wire-instance.ts';

const WireLoadBalancer = z.object({
  LoadBalancerArn: z.string(),
  LoadBalancerName: z.string(),
  DNSName: z.string().default(''),
  CreatedTime: Instant,
  Scheme: OptionalText,
  Type: z.enum(['application', 'network', 'gateway']),
  State: z.object({ Code: z.enum(['provisioning', 'active', 'active_impaired', 'failed']) }),
});
const TagDescription = z.object({ ResourceArn: z.string(), Tags });
const Attribute = z.object({ Key: z.string(), Value: z.string().default('') });
const Listener = z.object({ ListenerArn: z.string() });

/** Both calls take at most 20 ARNs. */
const BATCH = 20;
const PARALLEL = 4;
const DESCRIBE = 'elasticloadbalancing:DescribeLoadBalancers';
const TAGS = 'elasticloadbalancing:DescribeTags';

/** Facts of load balancers; deleted ones are absent. Throws ProviderError. */
export async function describeLoadBalancers(
  elb: ElasticLoadBalancingV2Client,
  assets: readonly AssetRef[],
  index: RegionIndex,
): Promise<Readings<LoadBalancerFacts>> {
  const byArn = new Map(assets.map((asset) => [asset.resourceId, asset]));
  const nodes = await describeByIds([...byArn.keys()], { batch: BATCH, operation: DESCRIBE }, async (batch) => {
    const answer = await elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: batch }));
    return answer.LoadBalancers ?? [];
  });
  const { rows, rejected } = readLoadBalancerRows(nodes, assets);
  const described = await describeByIds(
    rows.map((row) => row.LoadBalancerArn),
    { batch: BATCH, operation: TAGS },
    async (batch) => {
      const answer = await elb.send(new DescribeTagsCommand({ ResourceArns: batch }));
      return answer.TagDescriptions ?? [];
    },
  );
  const tagged = readTagDescriptions(described, assets);
  const tags = new Map(tagged.rows.map((description) => [description.ResourceArn, description.Tags]));
  const limit = pLimit(PARALLEL);
  const refusals: RejectedRow[] = [];
  const facts = await Promise.all(
    rows.map((row) =>
      limit(async () => {
        const asset = byArn.get(row.LoadBalancerArn);
        try {
          return asset === undefined ? [] : [await toFacts(elb, { asset, row, tags, index })];
        } catch (error) {
          if (!(error instanceof RowError)) throw error;
          refusals.push(rejectedRow(error, row.LoadBalancerArn, asset?.assetKey));
          return [];
        }
      }),
    ),
  );
  return { rows: facts.flat(), rejected: [...rejected, ...tagged.rejected, ...refusals] };
}

/** Rows of DescribeLoadBalancers. */
export function readLoadBalancerRows(nodes: readonly unknown[], assets: readonly AssetRef[] = []) {
  return readAws(WireLoadBalancer, nodes, { operation: DESCRIBE, id: 'LoadBalancerArn', assetKeyOf: keysOf(assets) });
}

/** Rows of DescribeTags. */
export function readTagDescriptions(nodes: readonly unknown[], assets: readonly AssetRef[] = []) {
  return readAws(TagDescription, nodes, { operation: TAGS, id: 'ResourceArn', assetKeyOf: keysOf(assets) });
}

async function toFacts(
  elb: ElasticLoadBalancingV2Client,
  from: {
    readonly asset: AssetRef;
    readonly row: z.infer<typeof WireLoadBalancer>;
    readonly tags: ReadonlyMap<string, Readonly<Record<string, string>>>;
    readonly index: RegionIndex;
  },
): Promise<LoadBalancerFacts> {
  const { asset, row, index } = from;
  const arn = row.LoadBalancerArn;
  const tags = from.tags.get(arn);
  // Without its tags nobody knows whom it belongs to, or that it must be kept.
  if (tags === undefined)
    throw new RowError(
      { provider: 'aws', operation: TAGS },
      { field: 'ResourceArn', found: null, fix: `${arn} has no readable tags; it is read again by the next sweep` },
    );
  const [listenerIds, protection] = await Promise.all([listeners(elb, arn), deletionProtection(elb, arn)]);
  const groups = index.targetGroupsByLoadBalancer.get(arn) ?? [];
  return {
    ...pickRef(asset),
    kind: 'load-balancer',
    resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    tags: { ...tags },
    state: row.State.Code === 'active_impaired' ? 'impaired' : row.State.Code,
    name: row.LoadBalancerName,
    loadBalancerType: row.Type,
    scheme: row.Scheme,
    dnsName: row.DNSName,
    createdTime: row.CreatedTime,
    deletionProtection: protection,
    registeredTargets: groups.reduce((sum, g) => sum + g.registered, 0),
    healthyTargets: groups.reduce((sum, g) => sum + g.healthy, 0),
    backendGroupIds: groups.map((g) => g.arn),
    listenerIds,
  };
}

async function listeners(elb: ElasticLoadBalancingV2Client, arn: string): Promise<string[]> {
  const operation = 'elasticloadbalancing:DescribeListeners';
  const rows: string[] = [];
  let marker: string | undefined;
  do {
    const answer = await elb
      .send(new DescribeListenersCommand({ LoadBalancerArn: arn, Marker: marker }))
      .catch((error: unknown) => {
        throw mapAwsError(error, operation);
      });
    rows.push(...parseAws(z.array(Listener), answer.Listeners ?? [], operation).map((l) => l.ListenerArn));
    marker = answer.NextMarker;
  } while (marker);
  return rows;
}

async function deletionProtection(elb: ElasticLoadBalancingV2Client, arn: string): Promise<boolean | null> {
  const operation = 'elasticloadbalancing:DescribeLoadBalancerAttributes';
  const answer = await elb
    .send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn }))
    .catch((error: unknown) => {
      throw mapAwsError(error, operation);
    });
  const found = parseAws(z.array(Attribute), answer.Attributes ?? [], operation).find(
    (a) => a.Key === 'deletion_protection.enabled',
  );
  return found ? found.Value !== 'false' : null;
}
