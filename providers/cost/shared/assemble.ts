import type { Decimal } from 'decimal.js';
import type { AssetCost } from '../../../schemas/cost.ts';
import { assetCost, type CostFrame } from './asset-cost.ts';
import type { DailyRow, Day } from './daily-rows.ts';
import { Exact } from './exact.ts';
import type { ResourceFacts } from './resource-facts.ts';

const ZERO = new Exact(0);

/** Costs of every resource that was billed inside the window and is believed. */
export function assembleCosts(parts: {
  readonly frame: CostFrame;
  readonly days: ReadonlyMap<string, Day>;
  readonly facts: ReadonlyMap<string, ResourceFacts>;
  readonly rejected: ReadonlySet<string>;
}): Map<string, AssetCost> {
  const { frame, days, facts, rejected } = parts;
  const windowStart = frame.days[0] as string;
  const earlier = frame.trendDays.filter((day) => day < windowStart);
  const resources = new Set(frame.days.flatMap((day) => [...(days.get(day)?.keys() ?? [])]));
  const costs = new Map<string, AssetCost>();
  for (const resourceId of resources) {
    if (rejected.has(resourceId)) continue;
    const rowOn = (day: string) => days.get(day)?.get(resourceId);
    const known = facts.get(resourceId);
    const window = frame.days.map(rowOn);
    const sum = (key: 'reserved' | 'savingsPlan') =>
      window.reduce((total, row) => (row === undefined || row[key] === '0' ? total : total.plus(row[key])), ZERO);
    const [reserved, savingsPlan] = [sum('reserved'), sum('savingsPlan')];
    const type = reserved.plus(savingsPlan).isZero()
      ? null
      : reserved.gte(savingsPlan)
        ? 'reservation'
        : 'savings-plan';
    const named = known?.commitment?.type === type ? known?.commitment : null;
    const cost = assetCost(
      {
        resourceId,
        regionId: known?.regionId ?? null,
        serviceName: known?.serviceName ?? null,
        commitment: type === null ? null : { type, id: named?.id ?? null, endsAt: named?.endsAt ?? null },
        older: earlier.some((day) => rowOn(day) !== undefined),
        window: window.map(
          (row) => row && { effective: row.amortized, billed: row.unblended, covered: coveredOf(row) },
        ),
        trend: frame.trendDays.map((day) => rowOn(day)?.amortized ?? null),
      },
      frame,
    );
    costs.set(resourceId, cost);
  }
  return costs;
}

function coveredOf({ reserved, savingsPlan }: DailyRow): Decimal.Value {
  if (reserved === '0') return savingsPlan;
  return savingsPlan === '0' ? reserved : new Exact(reserved).plus(savingsPlan);
}
