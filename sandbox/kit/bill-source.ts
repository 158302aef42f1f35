/** What a commitment pays of a bill line. */
export interface BillCommitment {
  readonly type: 'reservation' | 'savings-plan';
  /** Null where the source names none: some bills only say that a commitment paid. */
  readonly id: string | null;
  /** ISO instant; null when the source does not know. */
  readonly endsAt: string | null;
  /** True for the part of a commitment that nothing used: paid, and nobody's resource. */
  readonly unused: boolean;
}

/** One line of any cloud's bill: one UTC day, one resource, one kind of charge. A resource may have several on a day. */
export interface DailyBillRow {
  /** UTC day, YYYY-MM-DD. */
  readonly date: string;
  readonly provider: 'aws' | 'azure' | 'gcp';
  /** AWS account, Azure subscription or GCP project. */
  readonly accountId: string;
  /** As that cloud's bill spells it: instance id, ARN, Azure resource id, GCP resource name. Null: no resource explains it. */
  readonly resourceId: string | null;
  readonly resourceName: string | null;
  readonly region: string | null;
  /** The cloud's own name of the service on the bill. */
  readonly service: string;
  readonly chargeType: 'usage' | 'purchase' | 'credit' | 'refund' | 'tax';
  /** Amortised (effective) cost as decimal text. A falsified row may hold anything, `NaN` included. */
  readonly amount: string;
  /** What was invoiced, decimal text: 0 where a commitment paid before. */
  readonly billed: string;
  readonly currency: string;
  readonly commitment: BillCommitment | null;
  readonly usage: { readonly amount: string; readonly unit: string } | null;
  readonly tags: Readonly<Record<string, string>>;
}

export interface BillQuery {
  /** First UTC day, YYYY-MM-DD. */
  readonly from: string;
  /** UTC day after the last one. */
  readonly to: string;
  /** @default every account the source knows */
  readonly accountIds?: readonly string[];
}

/**
 * Where a cost simulator's bill comes from. One cloud's endpoint offers it; every platform that is fed from it states the
 * same money, and what is stopped there stops costing here.
 */
export interface BillSource {
  /** Rows in no promised order. Days that have not been billed yet have none; the day `until` is in is partial. */
  rows(query: BillQuery): Promise<readonly DailyBillRow[]>;
  /** The moment up to which the bill reaches, epoch ms. Advances with the bill, not with the clock. */
  until(): number;
}

/** One source of several clouds' bills; it reaches as far as the slowest of them. */
export function joinBills(sources: readonly BillSource[]): BillSource {
  return {
    rows: async (query) => (await Promise.all(sources.map((source) => source.rows(query)))).flat(),
    until: () => Math.min(...sources.map((source) => source.until())),
  };
}
