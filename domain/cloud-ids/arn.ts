import { type Reading, read, refuse } from './reading.ts';

/** An ARN taken apart. `region` and `account` are empty where AWS leaves them out. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** `instance/i-0a`, `db:orders`, `loadbalancer/app/web/50dc6c495c0c9188`. */
  readonly resource: string;
}

const ARN =
  /^arn:(?<partition>aws(?:-[a-z-]+)?):(?<service>[a-z0-9-]+):(?<region>[a-z0-9-]*):(?<account>\d{12}|aws|):(?<resource>\S+)$/i;
const PARTITIONS: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

/** The part of AWS a region belongs to, as ARNs there begin: `aws`, `aws-cn`, `aws-us-gov`, `aws-iso-b`, … */
export function partitionOf(region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

/** Everything but the resource is folded to lower case, and the partition is the region's own, where there is a region. */
export function parseArn(text: string): Reading<Arn> {
  const groups = ARN.exec(text.trim())?.groups;
  if (groups === undefined)
    return refuse(text, 'must be an ARN: arn:<partition>:<service>:<region>:<account>:<resource>');
  const { partition = '', service = '', region = '', account = '', resource = '' } = groups;
  const place = region.toLowerCase();
  return read({
    partition: place === '' ? partition.toLowerCase() : partitionOf(place),
    service: service.toLowerCase(),
    region: place,
    account: account.toLowerCase(),
    resource,
  });
}

export function arnOf(arn: Omit<Arn, 'partition'> & { readonly partition?: string }): string {
  const partition = arn.partition ?? partitionOf(arn.region);
  return `arn:${partition}:${arn.service}:${arn.region}:${arn.account}:${arn.resource}`;
}
