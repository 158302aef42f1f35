import type { Finding } from '../../../schemas/posture.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { ComputeClient } from './compute-client.ts';
import { failure, firstProblem } from './errors.ts';
import { hidesVulnerabilities, vulnerabilityFindings, WorkloadRecord } from './workload-record.ts';
import { newest } from './workloads.ts';

/** Deployed images first, then those a registry scan knows. */
const PLACES = [
  { operation: 'images', path: '/images' },
  { operation: 'registry', path: '/registry' },
] as const;
type Place = (typeof PLACES)[number];

/**
 * Vulnerabilities of an image by its manifest digest. No list can be asked by digest: a search is tried, and where it
 * finds nothing the images are looked through without their details, `maxPages` pages of each list at most.
 */
export async function imageFindings(compute: ComputeClient, digest: string, maxPages: number): Promise<Finding[]> {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    throw failure('images', Kind.Terminal, 'the digest must be sha256: and 64 hexadecimal digits');
  for (const place of PLACES) {
    const found = await search(compute, place, digest);
    if (found) return findingsOf(found, digest);
  }
  for (const place of PLACES) {
    const found = await lookThrough(compute, place, { digest, maxPages });
    if (found) return findingsOf(found, digest);
  }
  throw failure('images', Kind.NotFound, `no scan of an image with digest ${digest}`);
}

async function search(compute: ComputeClient, place: Place, digest: string): Promise<WorkloadRecord | null> {
  const { rows } = await compute.page(place.operation, place.path, { search: digest });
  return newest(readAll(place, rows).filter((record) => isOf(record, digest)));
}

async function lookThrough(
  compute: ComputeClient,
  place: Place,
  look: { readonly digest: string; readonly maxPages: number },
): Promise<WorkloadRecord | null> {
  const { operation, path } = place;
  let offset: number | null = 0;
  for (let pages = 0; offset !== null; pages++) {
    if (pages >= look.maxPages)
      throw failure(
        operation,
        Kind.Terminal,
        `not among the first ${look.maxPages} pages of images, and there are more; raise cnapp.prisma.imagePages`,
      );
    const page: Awaited<ReturnType<ComputeClient['page']>> = await compute.page(operation, path, {
      compact: 'true',
      offset: String(offset),
    });
    const match = readAll(place, page.rows).find((record) => isOf(record, look.digest));
    const id = match?._id ?? match?.id;
    if (id) {
      const full = await compute.all(operation, path, { id });
      return newest(readAll(place, full).filter((record) => isOf(record, look.digest)));
    }
    offset = page.nextOffset;
  }
  return null;
}

function readAll(place: Place, rows: readonly unknown[]): readonly WorkloadRecord[] {
  return rows.map((row) => {
    const parsed = WorkloadRecord.safeParse(row);
    if (!parsed.success) throw failure(place.operation, Kind.Malformed, firstProblem(parsed.error));
    return parsed.data;
  });
}

/** The image id is the digest of the image's configuration, which is another number than the manifest's. */
function isOf(record: WorkloadRecord, digest: string): boolean {
  const listed = (record.repoDigests ?? []).some((name) => typeof name === 'string' && name.endsWith(`@${digest}`));
  return listed || record.repoTag?.digest === digest;
}

function findingsOf(record: WorkloadRecord, digest: string): Finding[] {
  if (record.err) throw failure('images', Kind.NotFound, `the scan of ${digest} failed, so nothing is known of it`);
  if (hidesVulnerabilities(record))
    throw failure('images', Kind.Malformed, 'vulnerabilities: the list is empty although the record counts some');
  return vulnerabilityFindings(record);
}
