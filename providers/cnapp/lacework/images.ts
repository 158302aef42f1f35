import type { Finding } from '../../../schemas/posture.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { failure, VENDOR } from './errors.ts';
import { textAt } from './fields.ts';
import type { Reader } from './reading.ts';
import { type Search, searchAll, weeksOf } from './search.ts';
import { allRead } from '../../rows.ts';
import { vulnerabilityFindings } from './vulnerabilities.ts';

const CONTAINERS = 'Vulnerabilities/Containers/search';
const SUMMARY = 'VulnerabilityObservations/ImageSummary/search';
const permission = 'read container vulnerabilities';

/**
 * Vulnerabilities of an image by its digest, from its newest assessment. An image without any has no rows, as has one that was
 * never assessed: the summary of images tells them apart.
 */
export async function imageFindings(
  { client, config, maxPages }: Reader,
  digest: string,
  now: number,
): Promise<readonly Finding[]> {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    throw failure(CONTAINERS, Kind.Terminal, 'the digest must be sha256: and 64 hexadecimal digits');
  const by = (path: string, field: string): Omit<Search, 'span'> => ({
    path,
    permission,
    filters: [{ field, expression: 'eq', value: digest }],
  });
  for (const span of weeksOf({ from: now - config.history, to: now })) {
    const rows = await searchAll(client, { ...by(CONTAINERS, 'evalCtx.image_info.digest'), span }, maxPages);
    if (rows.length > 0)
      return allRead(vulnerabilityFindings(newestOf(rows), config.names, CONTAINERS), {
        provider: VENDOR,
        operation: CONTAINERS,
      });
    const summary = await searchAll(client, { ...by(SUMMARY, 'digest'), span }, maxPages);
    if (summary.some((row) => textAt(row, 'scanStatus')?.toLowerCase() === 'success')) return [];
  }
  throw failure(CONTAINERS, Kind.NotFound, `image ${digest} was not assessed within cnapp.lacework.history`);
}

/** An image may have been assessed several times in one span; only the newest assessment is about today. */
function newestOf(rows: readonly unknown[]): readonly unknown[] {
  const startOf = (row: unknown) => textAt(row, 'startTime') ?? '';
  const newest = rows.reduce((a, b) => (startOf(a) < startOf(b) ? b : a));
  return rows.filter((row) => textAt(row, 'evalGuid') === textAt(newest, 'evalGuid'));
}
