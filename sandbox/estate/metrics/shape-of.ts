import type { SeededAsset } from '../types.ts';
import { idle } from './idle.ts';
import { patchy } from './patchy.ts';
import { monthEnd, weekly } from './periodic.ts';
import type { LoadShape } from './shape.ts';
import { absent, silent, strayRequests } from './silent.ts';
import { dailySpike, weeklySpike } from './spiky.ts';
import { replicating } from './standby.ts';
import { light, steady } from './steady.ts';

/** The load an archetype carries. */
export function shapeOf(asset: SeededAsset): LoadShape {
  switch (asset.archetype) {
    case 'steady-load':
    case 'attached-volume':
    case 'busy-load-balancer':
    case 'associated-address':
    case 'busy-database':
      return steady;
    case 'over-provisioned':
      return light;
    case 'spiky-load':
      return asset.tags['cadence'] === 'weekly' ? weeklySpike : dailySpike;
    case 'weekly-load':
      return weekly;
    case 'month-end-load':
      return monthEnd;
    case 'warm-dr-standby':
      // The one that is known by its tag replicates; the one only the CMDB knows is as quiet as an idle machine.
      return asset.tags['dr-standby'] ? replicating : idle;
    case 'half-metrics':
      return patchy;
    case 'no-metrics':
    case 'stopped-long':
    case 'unattached-volume':
    case 'new-volume':
    case 'unassociated-address':
      return absent;
    case 'idle-load-balancer':
      return strayRequests;
    case 'targetless-load-balancer':
    case 'idle-database':
      return silent;
    case 'idle':
    case 'idle-exposed-kev':
    case 'idle-production':
    case 'idle-personal-data':
    case 'idle-oversized':
    case 'idle-reserved':
    case 'idle-owner-unknown':
    case 'idle-injected-tag':
    case 'idle-termination-protected':
    case 'idle-busy-after-approval':
    case 'idle-changed-after-approval':
    case 'idle-removed-by-hand':
    case 'idle-resize-fails':
    case 'idle-incident-opened':
    case 'new':
    case 'excluded-by-tag':
    case 'auto-scaling-member':
      return idle;
  }
}
