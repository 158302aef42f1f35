import { z } from 'zod';
import type { Finding } from '../../../schemas/posture.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { allRead } from '../../rows.ts';
import type { WizClient } from './client.ts';
import { failure, VENDOR } from './errors.ts';
import { readFindings, unique, vulnerabilityFinding } from './finding-rows.ts';
import { readAll } from './paging.ts';

const OPERATION = 'images';
const Image = z.object({ id: z.string().min(1) });

/** Open vulnerabilities of the image with this manifest digest, in every registry that holds it. */
export async function imageFindings(
  client: WizClient,
  digest: string,
  paging: { readonly pageSize: number; readonly maxPages: number },
): Promise<readonly Finding[]> {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    throw failure(OPERATION, Kind.Terminal, 'the digest must be sha256: and 64 hexadecimal digits');
  const wanted = { type: { equals: ['CONTAINER_IMAGE'] }, containerImageDigest: { equals: [digest] } };
  const nodes = await readAll(client, { document: OPERATION, filter: wanted, ...paging });
  if (nodes.length === 0) throw failure(OPERATION, Kind.NotFound, `no image with digest ${digest} was scanned`);
  const ids = nodes.flatMap((node) => Image.safeParse(node).data?.id ?? []);
  if (ids.length < nodes.length) throw failure(OPERATION, Kind.Malformed, 'list.nodes.id: an image has none');
  const filter = { assetIdV2: { equals: [...new Set(ids)] }, status: ['OPEN', 'IN_PROGRESS'] };
  const rows = await readAll(client, { document: 'vulnerability', filter, ...paging });
  const findings = readFindings(rows, vulnerabilityFinding);
  return unique(allRead(findings, { provider: VENDOR, operation: OPERATION }));
}
