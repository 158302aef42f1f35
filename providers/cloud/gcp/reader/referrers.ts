import { z } from 'zod';
import type { GcpSession } from '../clients.ts';
import { nameOfLink } from '../ids.ts';
import { listFlat, PAGE_ROWS } from './list-all.ts';
import { parseGoogle } from './parse.ts';

const Reference = z.object({ referrer: z.string(), target: z.string() });
const OPERATION = 'compute.instances.listReferrers';

/** Groups and target pools by the full resource name of the machine in them. */
export type Referrers = ReadonlyMap<string, readonly string[]>;

/** Who counts on the machines of one zone: instance groups, their managers, target pools. Throws ProviderError. */
export async function readReferrers(
  { compute }: GcpSession,
  { project, zone, instance }: { readonly project: string; readonly zone: string; readonly instance: string },
): Promise<Referrers> {
  const rows = await listFlat(
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
  const all = parseGoogle(z.array(Reference), rows, OPERATION);
  const groups = Map.groupBy(all, (row) => nameOfLink(row.target));
  return new Map([...groups].map(([target, own]) => [target, own.map((row) => nameOfLink(row.referrer))]));
}
