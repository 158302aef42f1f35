import type { Decimal } from 'decimal.js';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { AssetRecord } from '../../schemas/detection.ts';
import type { ActionName } from '../../schemas/option.ts';
import type { Checklist } from './checklist.ts';

/** Texts of one action on one asset. All commands are safe to paste: words are quoted, failures stop the sequence. */
export interface ActionTexts {
  readonly steps: string[];
  /** For the cloud's own command line tool. */
  readonly command: string;
  readonly terraform: string;
  readonly rollback: string;
}

/** Instance types, before and after a resize; empty for other actions. */
export interface TypeChange {
  readonly from: string;
  readonly to: string;
}

export interface InstanceShape {
  readonly instanceType: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** What a burstable size delivers all the time, of all of its vCPUs. Percent; absent: all of it. */
  readonly baselinePercent?: number;
}

/** A list price per month of 730 h in USD, null where the table has none. Estimates, marked as such wherever they are shown. */
export interface PriceList {
  /** Date, region and currency of the table. */
  readonly version: string;
  instanceMonthly(instanceType: string): Decimal | null;
  volumeMonthly(volume: {
    volumeType: string;
    sizeGiB: number;
    iops?: number | null;
    throughput?: number | null;
  }): Decimal | null;
  /** Upper bound: a snapshot stores used blocks only, but we cannot see how many. */
  snapshotMonthly(sizeGiB: number): Decimal;
  addressMonthly(): Decimal;
  /** What a stopped database server keeps paying for; null: not known. */
  databaseStorageMonthly(storageType: string | null, sizeGiB: number | null): Decimal | null;
  /** Price of the asset itself, without traffic. */
  listMonthly(facts: CloudFacts): Decimal | null;
}

/** What the core knows of one cloud without asking it: words, sizes and list prices. */
export interface CloudKnowledge {
  /** Null: this action does not exist there, and is not offered. */
  texts(action: ActionName, record: AssetRecord, change: TypeChange): ActionTexts | null;
  readonly prices: PriceList;
  shapeOf(instanceType: string): InstanceShape | null;
  /** Every size an instance of this type may be moved to, itself included, smallest first; empty when the family is not known. */
  familyOf(instanceType: string): readonly InstanceShape[];
  /** Does the type come with accelerators (GPU, FPGA, inference or training chips)? By its name: every cloud has letters for it. */
  isAccelerated(instanceType: string): boolean;
  /** Price of `to` as a share of the price of `from`, 0–1; null when that is not known. */
  priceRatio(from: string, to: string): Decimal | null;
  /** Is the bill line of an instance's own id, of this service, its compute alone? Null: the bill names no service. */
  isComputeOnly(serviceName: string | null): boolean;
  /** What is refused there, for options and pre-flight alike. */
  readonly checklist: Checklist;
}
