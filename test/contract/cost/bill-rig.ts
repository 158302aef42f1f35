import { Decimal } from 'decimal.js';
import {
  type BillError,
  billedUntil,
  billStep,
  createWorld,
  indexAsset,
  type World,
} from '../../../sandbox/aws/world.ts';
import { withSyntheticIds } from '../../../sandbox/estate/ids.ts';
import type { Estate, SeededAsset } from '../../../sandbox/estate/types.ts';
import { createAwsBillSource } from '../../../sandbox/kit/aws-bill-source.ts';
import type { BillSource, DailyBillRow } from '../../../sandbox/kit/bill-source.ts';
import { asset, estateOf } from '../../helpers/aws.ts';

export const DAY = 86_400_000;
export const isoDay = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10);
const Exact = Decimal.clone({ precision: 100 });

/** The sandbox's AWS bill without a cloud behind it. Time stands still and is moved by hand. */
export interface BillRig {
  readonly bill: BillSource;
  readonly estate: Estate;
  readonly world: World;
  /** ISO instant of the rig's present. */
  now(): string;
  /** Stops an asset now: from here on its bill shows nothing but what a commitment goes on paying. */
  stop(name: string): void;
  misstate(name: string, error: BillError): void;
  advance(days: number): void;
  idOf(name: string): string;
  /** Exact sum of the rows' amortised amounts over the days [from, to) counted back from now. */
  sum(days: { from: number; to: number }, keep: (row: DailyBillRow) => boolean): Promise<string>;
}

export function billRig(assets: readonly SeededAsset[]): BillRig {
  return rigOf(withSyntheticIds(estateOf(assets)));
}

export function rigOf(estate: Estate): BillRig {
  const started = Date.now();
  let ahead = 0;
  const world = createWorld({ estate, transitionMs: 0, now: () => started + ahead * DAY });
  for (const seeded of estate.assets) indexAsset(world, seeded);
  const bill = createAwsBillSource(world);
  const idOf = (name: string): string => {
    const found = estate.assets.find((a) => a.name === name);
    if (!found) throw new Error(`no asset ${name}`);
    return found.resourceId;
  };
  return {
    bill,
    estate,
    world,
    now: () => new Date(world.now()).toISOString(),
    stop: (name) => billStep(world, idOf(name), billedUntil(world), 0),
    misstate: (name, error) => void world.billErrors.set(name, error),
    advance: (days) => {
      ahead += days;
    },
    idOf,
    async sum({ from, to }, keep) {
      const today = Date.parse(isoDay(world.now()));
      const rows = await bill.rows({ from: isoDay(today - from * DAY), to: isoDay(today - to * DAY) });
      return rows
        .filter(keep)
        .reduce((sum, row) => sum.plus(row.amount), new Exact(0))
        .toFixed();
    },
  };
}

/** One of each kind that matters to a bill. */
export const variety = (): SeededAsset[] => [
  asset('plain'),
  asset('reserved', {
    resourceType: 'AWS::EC2::Instance',
    commitment: { type: 'reservation', coverage: 0.75 },
  }),
  asset('planned', { resourceType: 'AWS::EC2::Instance', commitment: { type: 'savings-plan', coverage: 1 } }),
  asset('fresh', { resourceType: 'AWS::EC2::Instance', createdDaysAgo: 3.5 }),
  asset('unbilled', { resourceType: 'AWS::EC2::Instance', dailyCost: null }),
  asset('odd', { resourceType: 'AWS::EC2::Instance', dailyCost: '0.1234567891' }),
  asset('disk', { resourceType: 'AWS::EC2::Volume', dailyCost: '0.3', volume: { sizeGiB: 10, volumeType: 'gp3' } }),
  asset('ip', { resourceType: 'AWS::EC2::EIP', dailyCost: '0.12', region: 'eu-west-1' }),
];

export const SUBSCRIPTION = '0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0';
export const VM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/Web/providers/Microsoft.Compute/virtualMachines/Front-1`;
export const PROJECT = 'acme-web-1';
export const GCE = `//compute.googleapis.com/projects/${PROJECT}/zones/europe-west1-b/instances/front-1`;

/** A bill of 20 days in two clouds; Azure writes its ids now so and now so. */
export function twoClouds(now: number): BillSource {
  const row = (daysAgo: number, parts: Partial<DailyBillRow> & Pick<DailyBillRow, 'provider' | 'accountId'>) => ({
    date: isoDay(now - daysAgo * DAY),
    resourceId: null,
    resourceName: null,
    region: 'westeurope',
    service: 'Virtual Machines',
    chargeType: 'usage' as const,
    amount: '1.5',
    billed: '1.5',
    currency: 'USD',
    commitment: null,
    usage: null,
    tags: {},
    ...parts,
  });
  const rows: DailyBillRow[] = Array.from({ length: 20 }, (_, i) => [
    row(i + 1, {
      provider: 'azure',
      accountId: SUBSCRIPTION,
      resourceId: i % 2 ? VM : VM.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'),
    }),
    row(i + 1, { provider: 'azure', accountId: SUBSCRIPTION, resourceId: VM, service: 'Storage', amount: '0.5' }),
    row(i + 1, { provider: 'azure', accountId: SUBSCRIPTION, chargeType: 'tax', amount: '9' }),
    row(i + 1, { provider: 'gcp', accountId: PROJECT, resourceId: GCE, region: 'europe-west1', amount: '0.75' }),
    row(i + 1, { provider: 'gcp', accountId: PROJECT, chargeType: 'credit', amount: '-3' }),
  ]).flat();
  return {
    until: () => now,
    rows: async ({ from, to, accountIds }) =>
      rows.filter((r) => r.date >= from && r.date < to && (accountIds?.includes(r.accountId) ?? true)),
  };
}
