import { kindOf } from '../estate/kinds.ts';
import type { SeededAsset } from '../estate/types.ts';
import { cloudOf, iso, machineIdOf, midOf } from './names.ts';
import type { Row, World } from './types.ts';

const HOUR = 3_600_000;
const PROVIDER = { aws: 'AWS', azure: 'Azure', gcp: 'GCE' } as const;

/** What the agent says of its machine. A machine that does not run is reachable from nowhere. */
export function machineTags(world: World, asset: SeededAsset): Row {
  const running = world.stateAt(asset, world.clock()) === 'present' && asset.instance?.stopped !== true;
  const exposed = asset.posture.internetExposed && running;
  return {
    InstanceId: machineIdOf(world.estate.seed, asset),
    [cloudOf(asset) === 'gcp' ? 'ProjectId' : 'Account']: asset.accountId,
    Hostname: asset.name,
    VmProvider: PROVIDER[cloudOf(asset)],
    VmInstanceType: asset.instance?.instanceType ?? '',
    InternalIp: '10.0.0.7',
    ExternalIp: exposed ? '198.51.100.7' : '',
    Zone: asset.region,
    lw_InternetExposure: exposed ? 'Yes' : 'No',
  };
}

/** `Entities/Machines/search`: two segments of activity for each machine with an agent. */
export function machineRows(world: World, silent: readonly string[]): readonly Row[] {
  const now = world.clock();
  return world.estate.assets
    .filter((a) => kindOf(a.resourceType) === 'instance' && a.instance?.stopped !== true)
    .flatMap((asset) => {
      const last = silent.includes(asset.name) ? now - 96 * HOUR : now - HOUR;
      return [last, last - 12 * HOUR].map((endedAt) => ({
        mid: midOf(world.estate.seed, asset),
        hostname: asset.name,
        primaryIpAddr: '10.0.0.7',
        awsInstanceId: cloudOf(asset) === 'aws' ? asset.resourceId : null,
        entityType: 'Machine',
        startTime: iso(endedAt - HOUR),
        endTime: iso(endedAt),
        machineTags: machineTags(world, asset),
      }));
    });
}
