import type { InstanceFacts } from '../../../schemas/cloud-facts.ts';
import type { ActionName } from '../../../schemas/option.ts';
import { type ActionTextTable, textsFrom } from '../action-texts.ts';
import type { CloudKnowledge } from '../port.ts';
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

const TEXTS: ActionTextTable = {
  'stop-instance': deallocateTexts,
  'snapshot-and-terminate-instance': deleteVmTexts,
  'resize-instance': (place, _facts, change) => resizeTexts(place, change),
  'snapshot-and-delete-volume': deleteDiskTexts,
  'release-address': releaseIpTexts,
  'delete-load-balancer': deleteBalancerTexts,
  'stop-database': stopManagedInstanceTexts,
};

export const azure: CloudKnowledge = {
  texts: textsFrom(TEXTS),
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
