import { z } from 'zod';
import type { RejectedRow } from '../../../../ports/rows.ts';
import { readRows, textOf } from '../../../rows.ts';
import type { GcpSession } from '../clients.ts';
import { nameOfLink } from '../ids.ts';
import { listFlat, PAGE_ROWS } from './list-all.ts';
import { parseGoogle } from './parse.ts';

const Reference = z.object({ referrer: z.string(), target: z.string() });
const OPERATION = 'compute.instances.listReferrers';

/** Groups and target pools that count on machines. */
export interface Referrers {
  /** By the full resource name of the machine in them. */
  readonly byTarget: ReadonlyMap<string, readonly string[]>;
  /** Of which nobody knows the machine: they may count on any of these. */
  readonly ofAny: readonly string[];
  readonly rejected: readonly RejectedRow[];
}

export function referrersTo(assetKey: string, { byTarget, ofAny }: Referrers): readonly string[] {
  return [...(byTarget.get(assetKey) ?? []), ...ofAny];
}

export function joinReferrers(parts: readonly Referrers[]): Referrers {
  return {
    byTarget: new Map(parts.flatMap((part) => [...part.byTarget])),
    ofAny: parts.flatMap((part) => part.ofAny),
    rejected: parts.flatMap((part) => part.rejected),
  };
}

/** Who counts on the machines of one zone: instance groups, their managers, target pools. Throws ProviderError. */
export async function readReferrers(
  { compute }: GcpSession,
  { project, zone, instance }: { readonly project: string; readonly zone: string; readonly instance: string },
): Promise<Referrers> {
  const nodes = await listFlat(
    (pageToken) =>
      compute.instances.listReferrers({
        project,
        zone,
        instance,
        maxResults: PAGE_ROWS,
        ...(pageToken ? { pageToken } : {}),
      }),
    OPERATION,
  );
  return referrersFrom(nodes);
}

/** Rows of listReferrers. One that cannot be read stands for a group that may count on any machine. */
export function referrersFrom(nodes: readonly unknown[]): Referrers {
  const { rows, rejected } = readRows(nodes, {
    provider: 'gcp',
    operation: OPERATION,
    read: (node) => parseGoogle(Reference, node, OPERATION),
    idOf: (node) => textOf(node, 'referrer'),
  });
  const groups = Map.groupBy(rows, (row) => nameOfLink(row.target));
  return {
    byTarget: new Map([...groups].map(([target, own]) => [target, own.map((row) => nameOfLink(row.referrer))])),
    ofAny: rejected.map((row) => (row.rowId === null ? 'unreadable' : nameOfLink(row.rowId))),
    rejected,
  };
}
