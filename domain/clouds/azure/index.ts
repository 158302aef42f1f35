import { type ActionTextTable, textsFrom } from '../action-texts.ts';
import type { CloudKnowledge } from '../port.ts';
import { CHECKLIST } from './checklist.ts';
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
  checklist: CHECKLIST,
};
