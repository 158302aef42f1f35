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
  deallocateTexts,
  deleteBalancerTexts,
  deleteDiskTexts,
  deleteVmTexts,
  releaseIpTexts,
  resizeTexts,
  stopManagedInstanceTexts,
} from './texts.ts';

/** The service names under which Azure bills a machine without its disks and addresses. */
const COMPUTE_ONLY = new Set(['virtual machines', 'virtual machines licenses']);

/** The N family: NC, ND, NV, NG, NP, NCC. */
const ACCELERATED = /^Standard_N/i;

export const azure: CloudKnowledge = {
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
  isComputeOnly: (serviceName) => serviceName === null || COMPUTE_ONLY.has(serviceName.toLowerCase()),
  instanceBlockers,
};

function texts(action: ActionName, record: AssetRecord, change: { from: string; to: string }): ActionTexts {
  const { asset, facts } = record;
  switch (action) {
    case 'stop-instance':
      return deallocateTexts(asset, facts?.kind === 'instance' ? facts : null);
    case 'snapshot-and-terminate-instance':
      return deleteVmTexts(asset, facts?.kind === 'instance' ? facts : null);
    case 'resize-instance':
      return resizeTexts(asset, change);
    case 'snapshot-and-delete-volume':
      return deleteDiskTexts(asset, facts?.kind === 'volume' ? facts : null);
    case 'release-address':
      return releaseIpTexts(asset, facts?.kind === 'address' ? facts : null);
    case 'delete-load-balancer':
      return deleteBalancerTexts(asset, facts?.kind === 'load-balancer' ? facts : null);
    case 'stop-database':
      return stopManagedInstanceTexts(asset);
  }
}

/** A disk of the host loses its data with a deallocation; a managed one keeps it. */
function instanceBlockers(_action: ActionName, facts: InstanceFacts): readonly string[] {
  const blockers: string[] = [];
  if (facts.rootDisk === null) blockers.push('os_disk_not_managed');
  else if (facts.rootDisk !== 'persistent') blockers.push('ephemeral_os_disk');
  if (facts.localDisks === null) blockers.push('unknown:local_disks');
  else if (facts.localDisks) blockers.push('local_disks');
  if (facts.hibernationConfigured) blockers.push('hibernation_configured');
  return blockers;
}
