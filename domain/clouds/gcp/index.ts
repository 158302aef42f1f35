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
  deleteDiskTexts,
  deleteVmTexts,
  releaseAddressTexts,
  resizeVmTexts,
  stopDatabaseTexts,
  stopVmTexts,
} from './texts.ts';

/** Accelerator-optimised machine families, and TPU virtual machines. */
const ACCELERATED = /^(a\d+x?|g\d+|ct\d)/;

const TEXTS: ActionTextTable = {
  'stop-instance': stopVmTexts,
  'snapshot-and-terminate-instance': deleteVmTexts,
  'resize-instance': (place, _facts, change) => resizeVmTexts(place, change),
  'snapshot-and-delete-volume': deleteDiskTexts,
  'release-address': releaseAddressTexts,
  // A load balancer is many resources here, and forwarding rules are only reported.
  'delete-load-balancer': null,
  'stop-database': stopDatabaseTexts,
};

export const gcp: CloudKnowledge = {
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
  /** Disks and addresses are resources of their own on the bill, so an instance's line has its cores and memory alone. */
  isComputeOnly: (serviceName) => serviceName === null || serviceName.toLowerCase() === 'compute engine',
  checklist: CHECKLIST,
};
