import type { BillCommitment, BillSource, DailyBillRow } from '../../../sandbox/kit/bill-source.ts';

export const DAY = 86_400_000;

/** The present of these tests: it stands still, so that none of them can cross midnight in its middle. */
export const NOW = Date.now();

/** UTC day so many days before today. */
export function day(daysAgo: number): string {
  return new Date(NOW - daysAgo * DAY).toISOString().slice(0, 10);
}

export const now = (): string => new Date(NOW).toISOString();

/** Something on the bill, the same every day unless `daily` says otherwise. Null: no row on that day. */
export interface Billed extends Partial<Omit<DailyBillRow, 'date' | 'amount' | 'commitment'>> {
  readonly accountId: string;
  readonly resourceId: string | null;
  readonly daily: string | ((daysAgo: number) => string | null);
  readonly commitment?: Partial<BillCommitment> & Pick<BillCommitment, 'type'>;
}

/** A bill of these things that reaches until `daysAgo` days before now. */
export function billOf(
  provider: DailyBillRow['provider'],
  things: readonly Billed[],
  { behindDays = 0 }: { behindDays?: number } = {},
): BillSource {
  const until = () => NOW - behindDays * DAY;
  return {
    until,
    rows: async ({ from, to, accountIds }) => {
      const rows: DailyBillRow[] = [];
      for (let at = Date.parse(from); at < Math.min(Date.parse(to), until()); at += DAY) {
        const date = new Date(at).toISOString().slice(0, 10);
        const daysAgo = Math.round((Date.parse(day(0)) - at) / DAY);
        for (const thing of things) {
          if (accountIds && !accountIds.includes(thing.accountId)) continue;
          const amount = typeof thing.daily === 'string' ? thing.daily : thing.daily(daysAgo);
          if (amount !== null) rows.push(rowOf(provider, thing, { date, amount }));
        }
      }
      return rows;
    },
  };
}

function rowOf(
  provider: DailyBillRow['provider'],
  thing: Billed,
  { date, amount }: { date: string; amount: string },
): DailyBillRow {
  const { daily: _daily, commitment, ...rest } = thing;
  return {
    provider,
    resourceName: null,
    region: 'europe-west1',
    service: 'Compute',
    chargeType: 'usage',
    billed: commitment ? '0' : amount,
    currency: 'USD',
    usage: null,
    tags: {},
    ...rest,
    date,
    amount,
    commitment: commitment ? { id: null, endsAt: null, unused: false, ...commitment } : null,
  };
}
