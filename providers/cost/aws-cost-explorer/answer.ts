import { z } from 'zod';
import type { RejectedRow } from '../../../ports/rows.ts';
import { at, parseRow, readRows } from '../../rows.ts';

export const PROVIDER = 'aws-cost-explorer';

const Metric = z.object({ Amount: z.string(), Unit: z.string() });
const Answer = z.object({ ResultsByTime: z.array(z.unknown()), NextPageToken: z.string().nullish() });
const Period = z.object({
  TimePeriod: z.object({ Start: z.string().regex(/^\d{4}-\d\d-\d\d/, 'must begin with a date') }),
  Groups: z.array(z.unknown(), { error: 'must be a list, for every query here is grouped' }),
});
const Group = z.object({
  Keys: z.array(z.string()).min(1),
  Metrics: z.object({ AmortizedCost: Metric, UnblendedCost: Metric.optional() }),
});

/** One group of one day. */
export interface CostGroup extends z.infer<typeof Group> {
  /** UTC day. */
  readonly date: string;
}

/** One page of GetCostAndUsage or GetCostAndUsageWithResources, grouped. A group that cannot be read costs itself alone. */
export interface CostPage {
  readonly groups: readonly CostGroup[];
  /** `rowId` is the group's first key: the resource, or the account. */
  readonly rejected: readonly RejectedRow[];
  readonly nextPageToken: string | null;
}

/** @throws ProviderError malformed when it is no answer of this operation at all */
export function parseCostPage(raw: unknown, operation: string): CostPage {
  const asked = { provider: PROVIDER, operation };
  const { ResultsByTime, NextPageToken } = parseRow(Answer, raw, asked);
  const periods = readRows(ResultsByTime, {
    ...asked,
    read: (node) => parseRow(Period, node, asked),
    idOf: (node) => textAt(node, ['TimePeriod', 'Start']),
  });
  const read = periods.rows.map(({ TimePeriod, Groups }) =>
    readRows(Groups, {
      ...asked,
      read: (node): CostGroup => ({ ...parseRow(Group, node, asked), date: TimePeriod.Start.slice(0, 10) }),
      idOf: (node) => textAt(node, ['Keys', 0]),
    }),
  );
  return {
    groups: read.flatMap(({ rows }) => rows),
    rejected: [...periods.rejected, ...read.flatMap(({ rejected }) => rejected)],
    nextPageToken: NextPageToken ?? null,
  };
}

function textAt(node: unknown, path: readonly PropertyKey[]): string | null {
  const found = at(node, path);
  return typeof found === 'string' && found !== '' ? found : null;
}
