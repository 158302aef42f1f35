import type { ResourceType } from '../../schemas/resource-type.ts';
import { accountOf } from './accounts.ts';
import { type Arn, arnOf, parseArn } from './arn.ts';
import { AWS_BY_ARN, AWS_SHORT } from './aws-types.ts';
import { awsRegion } from './aws-regions.ts';
import { type Reading, read, refuse, valueOf } from './reading.ts';
import { type Place, regionSaid, type Whereabouts } from './whereabouts.ts';

export const NO_ACCOUNT = 'names no account, and nothing else says which it is';

/** An AWS resource from its ARN, or from a short id together with account and region. */
export function awsPlace(text: string, at: Whereabouts): Reading<Place> {
  const trimmed = text.trim();
  if (!/^arn:/i.test(trimmed)) return completed(trimmed, at);
  const arn = parseArn(trimmed);
  return arn.ok ? ofArn(trimmed, arn.value, at) : arn;
}

function ofArn(text: string, given: Arn, at: Whereabouts): Reading<Place> {
  const { service } = given;
  const resource = canonicalResource(service, given.resource);
  const resourceType = service === 'elasticloadbalancing' ? balancerType(resource) : typeIn(service, resource, at);
  // Snapshots and images are written without an account, buckets without account and region: then the row's own word counts.
  const account = given.account || valueOf(accountOf('aws', at.accountId ?? ''));
  // The name of a bucket is its key in every account, though it says none.
  if (account === null && service !== 's3') return refuse(text, NO_ACCOUNT);
  const region = given.region === '' && service === 's3' ? regionSaid('aws', at) : read(given.region || 'global');
  const key = arnOf({ ...given, account: service === 's3' ? given.account : (account ?? ''), resource });
  const [, id = ''] = /^[^:/]+[:/](.+)$/.exec(resource) ?? [];
  const short = service === 'ec2' || service === 'rds';
  return read({ key, accountId: account ?? '', region, resourceType, resourceId: short ? id : key });
}

function typeIn(service: string, resource: string, at: Whereabouts): ResourceType | null {
  const [kind = ''] = resource.split(/[:/]/);
  if (service === 's3') return resource.includes('/') ? null : 'AWS::S3::Bucket';
  const byArn = AWS_BY_ARN[`${service}:${kind}`] ?? null;
  // `rds:cluster` is DocumentDB, Neptune or Aurora: the ARN alone does not tell.
  return byArn === 'AWS::DocDB::DBCluster' ? (at.resourceType ?? byArn) : byArn;
}

/** One resource, one spelling of the last part of its ARN. */
function canonicalResource(service: string, resource: string): string {
  switch (service) {
    case 'ec2': {
      // The allocation has two spellings in AWS itself: policies say elastic-ip, some inventories eip-allocation.
      const address = /^[a-z-]+\/(eipalloc-[0-9a-f]+)$/i.exec(resource)?.[1];
      if (address !== undefined) return `elastic-ip/${address.toLowerCase()}`;
      return /^[a-z-]+\/[a-z]+-[0-9a-f]+$/i.test(resource) ? resource.toLowerCase() : resource;
    }
    case 'rds':
      // RDS stores identifiers in lower case, however they were typed.
      return resource.toLowerCase();
    case 'logs':
      // The same group with and without its streams.
      return resource.replace(/:\*$/, '');
    case 'lambda':
      return resource.replace(/^(function:[^:]+):.+$/, '$1');
    default:
      return resource;
  }
}

/** Classic load balancers have no kind in their ARN and another API; listeners and rules are parts of one. */
function balancerType(resource: string): ResourceType | null {
  if (!resource.startsWith('loadbalancer/')) return null;
  return /^loadbalancer\/(app|net|gwy)\//.test(resource)
    ? 'AWS::ElasticLoadBalancingV2::LoadBalancer'
    : 'AWS::ElasticLoadBalancing::LoadBalancer';
}

/** `i-…`, `vol-…`, `db:orders`, `app/web/50dc…`: an ARN once account and region are known. */
function completed(text: string, at: Whereabouts): Reading<Place> {
  const known = AWS_SHORT.find((short) => short.id.test(text) && (short.byItself || short.type === at.resourceType));
  if (known === undefined) return refuse(text, unreadable(text, at));
  const account = accountOf('aws', at.accountId ?? '');
  if (!account.ok) return refuse(text, 'is an id within an account, and the account is not known');
  const region = awsRegion(at.region ?? '');
  if (!region.ok || region.value === 'global')
    return refuse(text, 'is an id within a region, and the region is not known');
  const id = known.folds ? text.toLowerCase() : text;
  const resource = id.startsWith(known.kind) ? id : `${known.kind}${id}`;
  const arn = arnOf({ service: known.service, region: region.value, account: account.value, resource });
  return awsPlace(arn, at);
}

function unreadable(text: string, { resourceType }: Whereabouts): string {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return 'is a public address; the allocation id (eipalloc-…) is needed';
  if (/\.elb\.[a-z0-9-]*\.?amazonaws\.com/i.test(text)) return 'is a DNS name; the ARN of the load balancer is needed';
  if (resourceType === 'AWS::ElasticLoadBalancingV2::LoadBalancer')
    return 'is a name; the ARN of a load balancer ends with a part that AWS adds';
  return 'is neither an ARN nor an id that shows its kind, such as i-… or vol-…';
}
