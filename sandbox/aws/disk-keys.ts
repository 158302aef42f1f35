import type { ChangeAnswer, Changer } from './change.ts';
import { keyRefusal } from './authorise.ts';
import type { Moto, MotoCall } from './moto.ts';
import { type AwsCall, listParam } from './request.ts';
import type { Principal } from './sessions.ts';
import type { World } from './world.ts';
import { firstText, items } from './xml-items.ts';

interface Deps {
  readonly world: World;
  readonly moto: Moto;
  readonly changer: Changer;
}

/** EC2 itself, when it undoes what it could not finish. */
const EC2 = { roleName: 'AWSServiceRoleForEC2', sessionName: 'ec2', sourceIdentity: null };

/**
 * Keys of the disks that the call makes EC2 attach or create, and that the caller may not use. EC2 asks KMS only after it has
 * answered, so this refuses nothing: it decides how what was begun ends.
 */
export async function unusableKeys(deps: Deps, call: AwsCall, principal: Principal): Promise<readonly string[]> {
  const keys = await keysOf(deps, call, principal.accountId);
  const at = { region: call.region, principal };
  return keys.filter((key) => deps.world.deniedKeys.has(key) || keyRefusal(key, at) !== null);
}

async function keysOf({ moto, world }: Deps, call: AwsCall, accountId: string): Promise<readonly string[]> {
  const ask = async (params: Record<string, string>, set: string) => {
    const body = new URLSearchParams({ Version: '2016-11-15', ...params }).toString();
    const answer = await moto.read({ accountId, region: call.region, service: 'ec2', body });
    return items(answer.text, set).flatMap((item) => {
      const key = firstText(item, 'kmsKeyId') ?? world.volumeKeys.get(firstText(item, 'volumeId') ?? '');
      return firstText(item, 'encrypted') === 'true' && key ? [key] : [];
    });
  };
  switch (`${call.service}:${call.operation}`) {
    case 'ec2:StartInstances': {
      const filter = { 'Filter.1.Name': 'attachment.instance-id' };
      const ids = Object.fromEntries(
        listParam(call.params, 'InstanceId').map((id, i) => [`Filter.1.Value.${i + 1}`, id]),
      );
      return ask({ Action: 'DescribeVolumes', ...filter, ...ids }, 'volumeSet');
    }
    case 'ec2:CreateVolume': {
      const snapshot = call.params.get('SnapshotId');
      return snapshot === null ? [] : ask({ Action: 'DescribeSnapshots', 'SnapshotId.1': snapshot }, 'snapshotSet');
    }
    default:
      return [];
  }
}

/** A machine is `pending` for a moment and then stopped, with EC2's words for it; a volume is gone. */
export async function takeBack(
  { world, changer }: Deps,
  { call, operation, answer }: { call: MotoCall; operation: string; answer: ChangeAnswer; refused: readonly string[] },
): Promise<void> {
  const undo = async (Action: string, params: Record<string, string>) => {
    const body = new URLSearchParams({ Action, Version: '2016-11-15', ...params }).toString();
    await changer.run({ operation: `ec2:${Action}`, call: { ...call, body }, actor: EC2 });
  };
  if (operation === 'ec2:CreateVolume') {
    const volumeId = firstText(answer.text, 'volumeId');
    if (volumeId !== null) await undo('DeleteVolume', { VolumeId: volumeId });
    return;
  }
  for (const id of answer.resourceIds.filter((r) => r.startsWith('i-'))) {
    await undo('StopInstances', { 'InstanceId.1': id });
    world.passing.set(id, { state: 'pending', until: Date.now() + world.transitionMs });
    world.failedStarts.set(id, {
      code: 'Client.InternalError',
      message: 'Client.InternalError: Client error on launch',
    });
  }
}
