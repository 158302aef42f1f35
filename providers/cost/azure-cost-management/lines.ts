import { billKey } from '../../../domain/cloud-ids/index.ts';
import type { TrendDay } from '../shared/account-trend.ts';
import { type CostLine, type Rejection, rejection } from '../shared/cost-line.ts';
import { Exact } from '../shared/exact.ts';
import type { Page } from './table.ts';

export const RESOURCE_COLUMNS = ['cost', 'ResourceId', 'PricingModel', 'UsageDate', 'Currency'] as const;
export const TREND_COLUMNS = ['cost', 'UsageDate', 'Currency'] as const;

type Pricing = 'reservation' | 'savings-plan' | null;
/** Words for how a resource is priced, without spaces and capitals. */
const PRICING: Readonly<Record<string, Pricing>> = {
  '': null,
  ondemand: null,
  spot: null,
  reservation: 'reservation',
  savingsplan: 'savings-plan',
};

export interface ResourceLines {
  readonly lines: readonly CostLine[];
  readonly rejected: readonly Rejection[];
  /** Whether a commitment paid for anything. */
  readonly committed: boolean;
}

/**
 * Lines of the answer by resource. A group that comes twice is counted once: pages overlap when the bill is refreshed
 * while it is read. The same group with another amount is not believed.
 */
export function resourceLines(pages: readonly Page[]): ResourceLines {
  const lines: CostLine[] = [];
  const rejected: Rejection[] = brokenRows(pages);
  const seen = new Map<string, string>();
  let committed = false;
  for (const row of pages.flatMap((page) => page.rows)) {
    const { cost, ResourceId, PricingModel, UsageDate, Currency } = row;
    const resourceId = billKey(ResourceId ?? '');
    const reject = (reason: string) => void rejected.push(rejection(resourceId || '(no resource)', reason));
    const date = dateOf(UsageDate ?? '');
    if (date === null) {
      reject(`UsageDate is ${JSON.stringify(UsageDate)}, which is no day`);
      continue;
    }
    const key = [ResourceId, PricingModel, date, Currency].join('\n');
    const before = seen.get(key);
    if (before !== undefined) {
      if (before !== cost) reject(`two amounts for the same thing on ${date}`);
      continue;
    }
    seen.set(key, cost ?? '');
    const pricing = PRICING[(PricingModel ?? '').toLowerCase().replaceAll(' ', '')];
    if (pricing === undefined) {
      reject(
        `PricingModel is ${JSON.stringify(PricingModel?.slice(0, 40))}, of which we do not know whether it commits`,
      );
      continue;
    }
    committed ||= pricing !== null;
    lines.push({
      date,
      resourceId,
      effective: cost ?? '',
      billed: null,
      currency: Currency ?? '',
      commitment: pricing && { type: pricing, id: null, endsAt: null },
      // Both groupings are spent.
      regionId: null,
      serviceName: null,
    });
  }
  return { lines, rejected, committed };
}

/** The commitment that paid most for each resource. */
export function payersOf(pages: readonly Page[], dimension: string): ReadonlyMap<string, string> {
  const most = new Map<string, { id: string; paid: string }>();
  for (const row of pages.flatMap((page) => page.rows)) {
    const resourceId = billKey(row['ResourceId'] ?? '');
    const [id, paid] = [row[dimension] ?? '', row['cost'] ?? ''];
    if (resourceId === '' || id === '' || !/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(paid)) continue;
    const before = most.get(resourceId);
    if (!before || new Exact(paid).gt(before.paid)) most.set(resourceId, { id, paid });
  }
  return new Map([...most].map(([resourceId, { id }]) => [resourceId, id]));
}

/** Names the commitment on the lines it paid for. A resource with two kinds of them keeps none: which is which is not said. */
export function withPayers(lines: readonly CostLine[], payers: ReadonlyMap<string, string>): CostLine[] {
  const kinds = new Map<string, Set<string>>();
  for (const { resourceId, commitment } of lines)
    if (commitment) kinds.set(resourceId, (kinds.get(resourceId) ?? new Set()).add(commitment.type));
  return lines.map((line) => {
    const id = payers.get(line.resourceId);
    if (!line.commitment || id === undefined || kinds.get(line.resourceId)?.size !== 1) return line;
    return { ...line, commitment: { ...line.commitment, id } };
  });
}

/** The subscription's own totals. */
export function trendDays(pages: readonly Page[]): { totals: TrendDay[]; rejected: Rejection[] } {
  const totals: TrendDay[] = [];
  const rejected = brokenRows(pages);
  for (const { cost, UsageDate, Currency } of pages.flatMap((page) => page.rows)) {
    const date = dateOf(UsageDate ?? '');
    if (date === null)
      rejected.push(rejection('(total)', `UsageDate is ${JSON.stringify(UsageDate)}, which is no day`));
    else totals.push({ date, amount: cost ?? '', currency: Currency ?? '' });
  }
  return { totals, rejected };
}

function brokenRows(pages: readonly Page[]): Rejection[] {
  const broken = pages.reduce((sum, page) => sum + page.broken, 0);
  return broken === 0 ? [] : [rejection('(rows)', `${broken} rows are not as wide as their columns`)];
}

/** `20260331` → `2026-03-31`; null when it is no day. */
function dateOf(text: string): string | null {
  const match = /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  if (!match) return null;
  const day = `${match[1]}-${match[2]}-${match[3]}`;
  const at = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day ? null : day;
}
