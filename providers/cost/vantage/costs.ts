import type { Decimal } from 'decimal.js';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { decimalOf, Exact } from '../shared/exact.ts';
import { PROVIDER, type VantageClient } from './client.ts';
import { Cost, CostPage } from './wire.ts';

/** An endless cursor would use up the account's hour: 2,000 pages are ten million rows. */
const MAX_PAGES = 2_000;
/** The stated total is rounded to two decimals. */
const ROUNDING = '0.01';

export interface CostQuery {
  readonly filter: string;
  readonly groupings: readonly string[];
  /** First and last UTC day, both included. */
  readonly from: string;
  readonly to: string;
}

export interface CostReader {
  readonly client: VantageClient;
  readonly workspaceToken: string | undefined;
  readonly pageSize: number;
  readonly verifyTotals: boolean;
}

/** A row of the answer, or what is wrong with it. */
export type ReadCost = { readonly cost: Cost } | { readonly resourceId: string; readonly reason: string };

/**
 * All rows of one grouped query, page by page. Pages are asked for by number: `next` only says whether there is another,
 * because it is a whole address and the token does not go to addresses that an answer names.
 * @throws ProviderError `unavailable` when the bill changed while it was read
 */
export async function* readCosts(reader: CostReader, query: CostQuery): AsyncGenerator<ReadCost> {
  const sum = createCheckSum();
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await reader.client.get({
      operation: 'getCosts',
      path: '/costs',
      query: { ...parameters(reader, query), page: String(page) },
      shape: CostPage,
    });
    sum.stated(answer.total_cost);
    for (const raw of answer.costs) {
      const parsed = Cost.safeParse(raw);
      if (parsed.success) sum.add(parsed.data);
      else sum.broken();
      yield parsed.success ? { cost: parsed.data } : brokenRow(raw, parsed.error.issues[0]);
    }
    if (answer.links?.next) continue;
    const difference = reader.verifyTotals ? sum.difference() : null;
    if (difference !== null) throw failure(ProviderErrorKind.Unavailable, `${difference}; ask again later`);
    return;
  }
  throw failure(ProviderErrorKind.Malformed, `still another page after ${MAX_PAGES}; raise cost.vantage.pageSize`);
}

/** What an asset costs, without what is credited or taxed on top of it. */
function parameters(reader: CostReader, { filter, groupings, from, to }: CostQuery): Record<string, string> {
  return {
    filter,
    ...(reader.workspaceToken === undefined ? {} : { workspace_token: reader.workspaceToken }),
    start_date: from,
    end_date: to,
    date_bin: 'day',
    groupings: groupings.join(','),
    order: 'asc',
    limit: String(reader.pageSize),
    'settings[amortize]': 'true',
    'settings[include_credits]': 'false',
    'settings[include_refunds]': 'false',
    'settings[include_tax]': 'false',
    'settings[include_discounts]': 'true',
    'settings[show_previous_period]': 'false',
  };
}

/**
 * Compares the rows with the total that stands on every page: rows that slip from page to page while a bill is imported
 * are read twice or not at all, and nothing else would show it.
 */
function createCheckSum() {
  let sum: Decimal | null = new Exact(0);
  let first: { amount: string; currency: string } | null = null;
  let moved = false;
  return {
    stated(total: { amount: string; currency: string }): void {
      first ??= total;
      moved ||= total.amount !== first.amount;
    },
    add({ amount, currency }: Cost): void {
      const value = decimalOf(amount);
      // Rows that are quarantined anyway say nothing about paging.
      sum = sum === null || value === undefined || currency !== first?.currency ? null : sum.plus(value);
    },
    broken(): void {
      sum = null;
    },
    difference(): string | null {
      if (moved) return 'the total changed while the pages were read';
      const total = first === null ? undefined : decimalOf(first.amount);
      if (sum === null || total === undefined || sum.minus(total).abs().lte(ROUNDING)) return null;
      return `the rows add up to ${sum.toFixed(2)} but the stated total is ${total.toFixed(2)}`;
    },
  };
}

function brokenRow(raw: unknown, issue: { path: PropertyKey[]; message: string } | undefined): ReadCost {
  const id = (raw as { resource_id?: unknown } | null)?.resource_id;
  return {
    resourceId: typeof id === 'string' ? id : '',
    reason: `field ${issue?.path.join('.') || '(whole row)'}: ${issue?.message}`,
  };
}

function failure(kind: ProviderErrorKind, message: string): ProviderError {
  return new ProviderError({ kind, provider: PROVIDER, operation: 'getCosts', message });
}
