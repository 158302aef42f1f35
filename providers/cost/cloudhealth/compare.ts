import { Decimal } from 'decimal.js';
import type { CostCloudHealth } from './section.ts';
import { isProviderError } from '../../../ports/errors.ts';
import { type Rejection, rejection } from '../shared/cost-line.ts';
import type { CloudHealthClient } from './client.ts';
import { cellsOf } from './olap.ts';
import { OlapReport } from './wire.ts';

const ZERO = new Decimal(0);

export interface AccountTotals {
  readonly accountId: string;
  /** Amortised total by day. */
  readonly totals: ReadonlyMap<string, string>;
}

/**
 * What the report says of each account beside CloudHealth's own cost history, over the days both know: a report whose SQL
 * leaves charges out looks complete and is not. It only tells; the figures stay, because the two spread fees differently.
 */
export async function compareWithHistory(
  client: CloudHealthClient,
  { config, cloud }: { config: CostCloudHealth; cloud: 'aws' | 'azure' | 'gcp' },
  accounts: readonly AccountTotals[],
): Promise<ReadonlyMap<string, Rejection>> {
  const dimension = config.costHistory?.accountDimension[cloud];
  if (!config.costHistory || dimension === undefined) return new Map();
  const { report, measure, tolerance } = config.costHistory;
  const history = await historyOf(client, { report, measure, dimension });
  if (history === null) return new Map();
  const sums = new Map(accounts.map((a) => [a.accountId, { totals: a.totals, ours: ZERO, theirs: ZERO }]));
  for (const { row, column, value } of cellsOf(history, { rows: 'time', columns: dimension, measure })) {
    // A member is called by the account's id, its name, or both.
    const sum = column.split(/[^A-Za-z0-9-]+/).flatMap((word) => sums.get(word.toLowerCase()) ?? [])[0];
    const own = sum?.totals.get(/\d{4}-\d{2}-\d{2}/.exec(row)?.[0] ?? '');
    if (sum === undefined || own === undefined) continue;
    sum.ours = sum.ours.plus(own);
    sum.theirs = sum.theirs.plus(value);
  }
  const differing = new Map<string, Rejection>();
  for (const [accountId, { ours, theirs }] of sums) {
    if (ours.minus(theirs).abs().lte(theirs.abs().times(tolerance))) continue;
    const reason = `the report adds up to ${ours.toFixed(2)} where the cost history has ${theirs.toFixed(2)}; see whether its SQL leaves charges out`;
    differing.set(accountId, rejection(accountId, reason));
  }
  return differing;
}

/** Null where the key may not see it: a comparison that cannot be made is no reason to do without costs. */
async function historyOf(
  client: CloudHealthClient,
  { report, measure, dimension }: { report: string; measure: string; dimension: string },
): Promise<OlapReport | null> {
  try {
    return await client.rest({
      operation: 'costHistory',
      path: `/olap_reports/${report}`,
      query: [
        ['interval', 'daily'],
        ['dimensions[]', 'time'],
        ['dimensions[]', dimension],
        ['measures[]', measure],
        ['collapse_null_arrays', '1'],
      ],
      shape: OlapReport,
    });
  } catch (error) {
    if (!isProviderError(error)) throw error;
    return null;
  }
}
