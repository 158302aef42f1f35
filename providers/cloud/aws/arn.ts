import { arnOf, parseArn, partitionOf, valueOf } from '../../../domain/cloud-ids/index.ts';
import type { AssetRef, ResourceType } from '../../../schemas/asset.ts';

const EC2_KIND = {
  'AWS::EC2::Instance': 'instance',
  'AWS::EC2::Volume': 'volume',
  'AWS::EC2::EIP': 'elastic-ip',
} as const satisfies Partial<Record<ResourceType, string>>;

/** `arn:<partition>:ec2:<region>:<account>:<kind>/<id>`. Pass an empty account for snapshots, which IAM names without one. */
export function ec2Arn(
  place: { region: string; accountId: string },
  kind: 'instance' | 'volume' | 'elastic-ip' | 'snapshot',
  id: string,
): string {
  const account = kind === 'snapshot' ? '' : place.accountId;
  return arnOf({ service: 'ec2', region: place.region, account, resource: `${kind}/${id}` });
}

/** EC2 as KMS names it in `kms:ViaService`. Source: KMS developer guide, "kms:ViaService". */
export function ec2ServiceOf({ region }: { readonly region: string }): string {
  return `ec2.${region}.amazonaws.com${partitionOf(region) === 'aws-cn' ? '.cn' : ''}`;
}

/** The ARN the asset must have, computed from its parts; compared with the asset key before anything is changed. */
export function expectedArn(asset: Pick<AssetRef, 'accountId' | 'region' | 'resourceType' | 'resourceId'>): string {
  if (asset.resourceType === 'AWS::ElasticLoadBalancingV2::LoadBalancer') return asset.resourceId;
  if (asset.resourceType === 'AWS::RDS::DBInstance')
    return arnOf({
      service: 'rds',
      region: asset.region,
      account: asset.accountId,
      resource: `db:${asset.resourceId}`,
    });
  const kind = (EC2_KIND as Partial<Record<ResourceType, 'instance' | 'volume' | 'elastic-ip'>>)[asset.resourceType];
  // What has no ARN of this shape can equal no asset key, so nothing is done to it.
  return kind === undefined ? '' : ec2Arn(asset, kind, asset.resourceId);
}

/** Account and region inside an ARN, or null when the text is not one. */
export function placeOf(arn: string): { accountId: string; region: string } | null {
  const parsed = valueOf(parseArn(arn));
  if (parsed === null || parsed.region === '' || parsed.account === '') return null;
  return { region: parsed.region, accountId: parsed.account };
}
