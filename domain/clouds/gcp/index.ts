import type { InstanceFacts } from '../../../schemas/cloud-facts.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import type { ActionName } from '../../../schemas/option.ts';
import type { ActionTexts, CloudKnowledge } from '../port.ts';
import {
  addressMonthly,
  databaseStorageMonthly,
  instanceMonthly,
  listMonthly,
  PRICE_TABLE_VERSION,
  priceRatio,
  snapshotMonthly,
  volumeMonthly,
} from './prices.ts';
import { familyOf, shapeOf } from './shapes.ts';
import {
  deleteDiskTexts,
  deleteVmTexts,
  releaseAddressTexts,
  resizeVmTexts,
  stopDatabaseTexts,
  stopVmTexts,
} from './texts.ts';

/** Accelerator-optimised machine families, and TPU virtual machines. */
const ACCELERATED = /^(a\d+x?|g\d+|ct\d)/;

export const gcp: CloudKnowledge = {
  texts,
  prices: {
    version: PRICE_TABLE_VERSION,
    instanceMonthly,
    volumeMonthly,
    snapshotMonthly,
    addressMonthly,
    databaseStorageMonthly,
    listMonthly,
  },
  shapeOf,
  familyOf,
  isAccelerated: (instanceType) => ACCELERATED.test(instanceType),
  priceRatio,
  /** Disks and addresses are resources of their own on the bill, so an instance's line has its cores and memory alone. */
  isComputeOnly: (serviceName) => serviceName === null || serviceName.toLowerCase() === 'compute engine',
  instanceBlockers,
};

function texts(action: ActionName, record: AssetRecord, change: { from: string; to: string }): ActionTexts | null {
  const { asset, facts } = record;
  switch (action) {
    case 'stop-instance':
      return stopVmTexts(asset, facts?.kind === 'instance' ? facts : null);
    case 'snapshot-and-terminate-instance':
      return deleteVmTexts(asset, facts?.kind === 'instance' ? facts : null);
    case 'resize-instance':
      return resizeVmTexts(asset, change);
    case 'snapshot-and-delete-volume':
      return deleteDiskTexts(asset, facts?.kind === 'volume' ? facts : null);
    case 'release-address':
      return releaseAddressTexts(asset, facts?.kind === 'address' ? facts : null);
    case 'stop-database':
      return stopDatabaseTexts(asset, facts?.kind === 'database' ? facts : null);
    case 'delete-load-balancer':
      // A load balancer is many resources here, and forwarding rules are only reported.
      return null;
  }
}

/** A disk of the host loses its data with a stop; a persistent one keeps it. */
function instanceBlockers(_action: ActionName, facts: InstanceFacts): readonly string[] {
  const blockers: string[] = [];
  if (facts.rootDisk === null) blockers.push('unknown:boot_disk');
  else if (facts.rootDisk !== 'persistent') blockers.push('boot_disk_not_persistent');
  if (facts.localDisks === null) blockers.push('unknown:local_ssd');
  else if (facts.localDisks) blockers.push('local_ssd');
  if (facts.shutdownBehavior !== 'stop') blockers.push('deleted_when_stopped');
  return blockers;
}
