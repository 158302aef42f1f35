import { Decimal } from 'decimal.js';
import { type ActionTextTable, textsFrom } from '../action-texts.ts';
import type { CloudKnowledge } from '../port.ts';
import { CHECKLIST } from './checklist.ts';
import { stopDatabaseTexts } from './database-texts.ts';
import { resizeTexts, stopTexts, terminateTexts } from './instance-texts.ts';
import {
  databaseStorageMonthly,
  instanceMonthly,
  listMonthly,
  PRICE_TABLE_VERSION,
  publicIpv4Monthly,
  snapshotMonthly,
  volumeMonthly,
} from './prices.ts';
import { familyOf, shapeOf, sizeFactor } from './shapes.ts';
import { deleteLoadBalancerTexts, deleteVolumeTexts, releaseAddressTexts } from './storage-texts.ts';

/**
 * What bills call EC2: Cost Explorer (`Amazon Elastic Compute Cloud - Compute`), FOCUS and CUR (without the ending), the
 * product code (`AmazonEC2`). `EC2 - Other` is what is not the instance: disks, addresses, gateways, transfer.
 */
const COMPUTE_ONLY = /elastic compute cloud(?! *- *other)|\b(amazon *)?ec2\b(?! *- *other)/i;

/** Families with accelerators, by the letters of the instance type page: GPU (p, g, gr), inference (inf), training (trn, dl), video (vt), FPGA (f). */
const ACCELERATED = /^(p|g|gr|inf|trn|dl|vt|f)\d/;

const TEXTS: ActionTextTable = {
  'stop-instance': stopTexts,
  'snapshot-and-terminate-instance': terminateTexts,
  'resize-instance': (place, _facts, change) => resizeTexts(place, change),
  'snapshot-and-delete-volume': deleteVolumeTexts,
  'release-address': releaseAddressTexts,
  'delete-load-balancer': deleteLoadBalancerTexts,
  'stop-database': stopDatabaseTexts,
};

export const aws: CloudKnowledge = {
  texts: textsFrom(TEXTS),
  prices: {
    version: PRICE_TABLE_VERSION,
    instanceMonthly,
    volumeMonthly,
    snapshotMonthly,
    addressMonthly: publicIpv4Monthly,
    databaseStorageMonthly,
    listMonthly,
  },
  shapeOf,
  familyOf,
  isAccelerated: (instanceType) => ACCELERATED.test(instanceType),
  priceRatio(from, to) {
    const was = sizeFactor(from);
    const is = sizeFactor(to);
    return was === null || is === null || was <= 0 ? null : new Decimal(is).div(was);
  },
  isComputeOnly: (serviceName) => serviceName === null || COMPUTE_ONLY.test(serviceName),
  checklist: CHECKLIST,
};
