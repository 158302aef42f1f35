import { type BillRow, billOfDay } from '../aws/bill.ts';
import { billedUntil, type World } from '../aws/world.ts';
import type { BillCommitment, BillSource, DailyBillRow } from './bill-source.ts';

const DAY_MS = 86_400_000;
const isoDay = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10);

export interface AwsBillOptions {
  /** When the commitments of the estate end. @default 200 days after the estate was seeded */
  readonly commitmentsEnd?: string;
}

/** The bill that the sandbox's Cost Explorer answers from, for every other platform that claims to know it. */
export function createAwsBillSource(world: World, options: AwsBillOptions = {}): BillSource {
  const endsAt = options.commitmentsEnd ?? `${isoDay(world.estate.seededAt * 1000 + 200 * DAY_MS)}T00:00:00.000Z`;
  const accounts = world.estate.accounts.map((a) => a.accountId).filter((id) => /^\d{12}$/.test(id));
  const names = new Map(world.estate.assets.flatMap((a) => [a.resourceId, a.assetKey].map((id) => [id, a.name])));
  return {
    until: () => billedUntil(world),
    rows: async ({ from, to, accountIds = accounts }) => {
      const rows: DailyBillRow[] = [];
      for (let day = Date.parse(from); day < Date.parse(to); day += DAY_MS)
        for (const accountId of accounts.filter((id) => accountIds.includes(id)))
          for (const row of billOfDay(world, accountId, day))
            rows.push(dailyRow(row, { date: isoDay(day), endsAt, names }));
      return rows;
    },
  };
}

function dailyRow(
  row: BillRow,
  context: { date: string; endsAt: string; names: ReadonlyMap<string, string> },
): DailyBillRow {
  const { LINKED_ACCOUNT = '', RESOURCE_ID = '', REGION = null, SERVICE = '', PURCHASE_TYPE = '' } = row.dimensions;
  const resourceId = RESOURCE_ID === 'NoResourceId' ? null : RESOURCE_ID;
  return {
    date: context.date,
    provider: 'aws',
    accountId: LINKED_ACCOUNT,
    resourceId,
    resourceName: resourceId === null ? null : (context.names.get(resourceId) ?? null),
    region: REGION,
    service: SERVICE,
    chargeType: 'usage',
    amount: row.amortized,
    billed: row.unblended,
    currency: row.currency,
    commitment: commitmentOf(PURCHASE_TYPE, LINKED_ACCOUNT, { endsAt: context.endsAt, unused: resourceId === null }),
    usage: { amount: row.hours, unit: 'Hrs' },
    tags: row.tags,
  };
}

function commitmentOf(
  purchase: string,
  accountId: string,
  rest: Pick<BillCommitment, 'endsAt' | 'unused'>,
): BillCommitment | null {
  if (purchase.includes('Reserved'))
    return { type: 'reservation', id: `arn:aws:ec2:us-east-1:${accountId}:reserved-instances/sandbox`, ...rest };
  if (purchase.includes('Savings Plan'))
    return { type: 'savings-plan', id: `arn:aws:savingsplans::${accountId}:savingsplan/sandbox`, ...rest };
  return null;
}
