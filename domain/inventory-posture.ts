import type { InventoryAsset } from '../schemas/asset.ts';
import type { Posture } from '../schemas/posture.ts';

const SOURCE = 'inventory';

/** What an inventory row says of the posture: flags. Nobody has read findings or ports, so there are none to count. */
export function inventoryPosture(asset: InventoryAsset, readAt: string): Posture {
  return {
    source: SOURCE,
    vendorId: asset.vendorId,
    observedAt: asset.lastSeenAt ?? readAt,
    internetExposed: asset.internetExposed,
    openPorts: [],
    adminPrivileges: asset.adminPrivileges,
    sensitiveData: asset.sensitiveData,
    findings: [],
  };
}

/** True when findings and ports were read: only then does an empty list say that there are none. */
export function findingsRead(posture: Posture): boolean {
  return posture.source !== SOURCE;
}
