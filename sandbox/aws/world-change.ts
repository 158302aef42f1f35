import { kindOf } from '../estate/kinds.ts';
import type { SeededAsset } from '../estate/types.ts';
import { type Changer, mutationOf } from './change.ts';
import { AwsError } from './errors.ts';
import type { WorldChange } from './types.ts';
import type { World } from './world.ts';

/** Who changes the estate behind Idlewise's back. */
export const PERSON = { roleName: 'person', sessionName: 'jane.ops', sourceIdentity: null };
const HOUR_SECONDS = 3600;
const VERSIONS: Readonly<Record<string, string>> = {
  ec2: '2016-11-15',
  elasticloadbalancing: '2015-12-01',
  rds: '2014-10-31',
};

type Passive = Exclude<WorldChange, { do: 'retag' | 'terminate' | 'stop' | 'expire-credentials' }>;

/** Changes that only the endpoint knows about. Runs again when the log is replayed. */
export function applyPassive(world: World, change: Passive, at: number): void {
  switch (change.do) {
    case 'busy':
      world.estate.busySince.set(assetOf(world, change.resourceId).name, Math.floor(at / 1000) - HOUR_SECONDS);
      return;
    case 'no-capacity': {
      if (change.clear) {
        world.noCapacity.delete(change.resourceId);
        return;
      }
      // Without a named type the seeded one still starts, so that a resize can be taken back.
      const seeded = world.assets.get(change.resourceId)?.instance?.instanceType;
      const only = change.instanceType;
      world.noCapacity.set(change.resourceId, (type) => (only === undefined ? type !== seeded : type === only));
      return;
    }
    case 'snapshot-fails':
      world.snapshotTrouble.set(change.resourceId, 'fails');
      return;
    case 'snapshot-stuck':
      world.snapshotTrouble.set(change.resourceId, 'stuck');
      return;
    case 'deny-key':
      if (change.clear) world.deniedKeys.delete(change.keyArn);
      else world.deniedKeys.add(change.keyArn);
      return;
    case 'impaired':
      world.impaired.add(change.resourceId);
      return;
    case 'bill-error':
      world.billErrors.set(assetOf(world, change.resourceId).name, change.kind);
      return;
  }
}

/** What a person does with the cloud's own API behind Idlewise's back. Throws when AWS would refuse it. */
export async function actAsSomebody(
  world: World,
  changer: Changer,
  change: Extract<WorldChange, { do: 'retag' | 'terminate' | 'stop' }>,
): Promise<void> {
  const asset = assetOf(world, change.resourceId);
  const [operation, params] =
    change.do === 'retag' ? retag(asset, change) : change.do === 'stop' ? stop(asset) : end(asset);
  const [service = '', Action = ''] = operation.split(':');
  const Version = VERSIONS[service] ?? '';
  const body = new URLSearchParams({ Action, Version, ...params }).toString();
  const { accountId, region } = asset;
  const actor = change.do === 'retag' && change.by ? { ...PERSON, sessionName: change.by } : PERSON;
  const answer = await changer.run({ operation, call: { accountId, region, service, body }, actor });
  if (answer.errorCode !== null) throw new AwsError(answer.errorCode, answer.text.slice(0, 300), 409);
  const entry = { at: Date.now(), operation, call: { accountId, region }, actor };
  const ids = answer.resourceIds.length > 0 ? answer.resourceIds : [asset.resourceId, asset.assetKey];
  world.mutations.push(mutationOf(entry, [...new Set(ids)], null));
}

type Operation = readonly [string, Record<string, string>];

function retag(asset: SeededAsset, { key, value }: { key: string; value: string }): Operation {
  const one = { 'ResourceArns.member.1': asset.assetKey, 'Tags.member.1.Key': key, 'Tags.member.1.Value': value };
  switch (kindOf(asset.resourceType)) {
    case 'load-balancer':
      return ['elasticloadbalancing:AddTags', one];
    case 'database':
      return [
        'rds:AddTagsToResource',
        { ResourceName: asset.assetKey, 'Tags.Tag.1.Key': key, 'Tags.Tag.1.Value': value },
      ];
    default:
      return ['ec2:CreateTags', { 'ResourceId.1': asset.resourceId, 'Tag.1.Key': key, 'Tag.1.Value': value }];
  }
}

function stop(asset: SeededAsset): Operation {
  return kindOf(asset.resourceType) === 'database'
    ? ['rds:StopDBInstance', { DBInstanceIdentifier: asset.resourceId }]
    : ['ec2:StopInstances', { 'InstanceId.1': asset.resourceId }];
}

function end(asset: SeededAsset): Operation {
  switch (kindOf(asset.resourceType)) {
    case 'instance':
      return ['ec2:TerminateInstances', { 'InstanceId.1': asset.resourceId }];
    case 'volume':
      return ['ec2:DeleteVolume', { VolumeId: asset.resourceId }];
    case 'address':
      return ['ec2:ReleaseAddress', { AllocationId: asset.resourceId }];
    case 'load-balancer':
      return ['elasticloadbalancing:DeleteLoadBalancer', { LoadBalancerArn: asset.assetKey }];
    case 'database':
      return ['rds:DeleteDBInstance', { DBInstanceIdentifier: asset.resourceId, SkipFinalSnapshot: 'true' }];
    case 'resource':
      throw new Error(`${asset.name}: the AWS endpoint has no ${asset.resourceType}`);
  }
}

function assetOf(world: World, resourceId: string): SeededAsset {
  const asset = world.assets.get(resourceId);
  if (asset) return asset;
  throw new AwsError('UnknownResource', `the estate has no ${resourceId}`, 404);
}
