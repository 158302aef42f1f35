import type { Decimal } from 'decimal.js';
import type { CostLine, LineCommitment } from './cost-line.ts';

/** What the lines say of a resource beside money. */
export interface ResourceFacts {
  /** Null where no line, or more than one region, is named. */
  readonly regionId: string | null;
  /** Null too when several services bill the resource: the total is then no single service's. */
  readonly serviceName: string | null;
  /** The commitment that paid most of it. */
  readonly commitment: LineCommitment | null;
}

interface OpenFacts {
  readonly regions: Set<string>;
  readonly services: Set<string>;
  readonly payers: Map<string, { commitment: LineCommitment; paid: Decimal }>;
}

export function createFacts() {
  const open = new Map<string, OpenFacts>();
  return {
    add(resourceId: string, line: CostLine, effective: Decimal): void {
      const facts = open.get(resourceId) ?? { regions: new Set(), services: new Set(), payers: new Map() };
      open.set(resourceId, facts);
      if (line.regionId) facts.regions.add(line.regionId);
      if (line.serviceName) facts.services.add(line.serviceName);
      if (!line.commitment) return;
      const key = `${line.commitment.type} ${line.commitment.id}`;
      const paid = facts.payers.get(key)?.paid;
      facts.payers.set(key, { commitment: line.commitment, paid: paid ? paid.plus(effective) : effective });
    },
    result: (): Map<string, ResourceFacts> =>
      new Map(
        [...open].map(([resourceId, { regions, services, payers }]) => [
          resourceId,
          {
            regionId: only(regions),
            serviceName: only(services),
            commitment: [...payers.values()].sort((a, b) => b.paid.cmp(a.paid))[0]?.commitment ?? null,
          },
        ]),
      ),
  };
}

function only(values: ReadonlySet<string>): string | null {
  return values.size === 1 ? ([...values][0] as string) : null;
}
