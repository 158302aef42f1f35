import type { Decimal } from 'decimal.js';
import type { CostLine, LineCommitment } from '../shared/cost-line.ts';
import { decimalOf, Exact } from '../shared/exact.ts';
import type { Cost } from './wire.ts';

type Kind = LineCommitment['type'];

/**
 * The parts of a bill that a commitment paid for. Vantage can be grouped by charge type but does not return it, so each
 * kind is asked for with a filter of its own and put together with the whole here.
 */
export function createCovered(endOf: (kind: Kind, region: string | null) => string | null) {
  const paid = new Map<string, Partial<Record<Kind, Decimal>>>();
  return {
    isEmpty: () => paid.size === 0,
    /** Rows that cannot be read cannot be read in the whole either, where they are quarantined. */
    add(kind: Kind, cost: Cost): void {
      const value = decimalOf(cost.amount);
      if (value === undefined || !cost.resource_id) return;
      const key = keyOf(cost);
      const parts = paid.get(key) ?? {};
      paid.set(key, { ...parts, [kind]: (parts[kind] ?? new Exact(0)).plus(value) });
    },
    /** The lines that a row of the whole consists of. */
    *split(cost: Cost): Generator<CostLine> {
      const line = {
        date: cost.accrued_at.slice(0, 10),
        resourceId: cost.resource_id ?? '',
        effective: cost.amount,
        billed: null,
        currency: cost.currency,
        commitment: null,
        regionId: cost.region ?? null,
        serviceName: cost.service ?? null,
      } satisfies CostLine;
      const parts = Object.entries(paid.get(keyOf(cost)) ?? {}) as [Kind, Decimal][];
      const whole = decimalOf(cost.amount);
      if (parts.length === 0 || whole === undefined) return void (yield line);
      let rest = whole;
      for (const [kind, part] of parts) {
        rest = rest.minus(part);
        const commitment = { type: kind, id: null, endsAt: endOf(kind, line.regionId) };
        yield { ...line, effective: part.toFixed(), commitment };
      }
      if (!rest.isZero()) yield { ...line, effective: rest.toFixed() };
    },
  };
}
export type Covered = ReturnType<typeof createCovered>;

function keyOf(cost: Cost): string {
  return [cost.accrued_at.slice(0, 10), cost.resource_id, cost.service, cost.region].join('\u0000');
}
