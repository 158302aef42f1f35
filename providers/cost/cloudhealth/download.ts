import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { type CsvRecord, recordsFrom } from '../shared/csv-records.ts';
import { UnreadableFile } from '../shared/unreadable-file.ts';
import { safeBase } from '../../http/address.ts';
import { PROVIDER } from './client.ts';

/** The address has expired; a new one is to be had from the report. */
export class AddressExpired extends Error {}

/**
 * Records of one file of a report, read as they arrive. The address carries its own signature: no header of ours goes with
 * it, and no redirect is followed.
 */
export async function* downloadRecords(address: string, timeoutMs: number): AsyncGenerator<CsvRecord> {
  const failure = (kind: ProviderErrorKind, message: string, cause?: unknown) =>
    new ProviderError({ kind, provider: PROVIDER, operation: 'download', message, cause });
  safeBase(address, { provider: PROVIDER, field: 'preSignedUrl of the report' });
  const { host } = new URL(address);
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await fetch(address, { redirect: 'manual', signal }).catch((cause: unknown) => {
    throw failure(ProviderErrorKind.Unavailable, `the connection failed (${host})`, cause);
  });
  if (response.status === 403 || response.status === 401) throw new AddressExpired();
  if (response.status !== 200 || response.body === null)
    throw failure(ProviderErrorKind.Unavailable, `answered ${response.status} (${host})`);
  try {
    yield* recordsFrom(Readable.fromWeb(response.body as ReadableStream));
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const { cause } = error;
    if (cause instanceof Error && !('code' in cause && `${cause.code}`.startsWith('CSV_')))
      throw failure(ProviderErrorKind.Unavailable, `the connection broke inside the file (${host})`, cause);
    throw failure(ProviderErrorKind.Malformed, `line ${error.line ?? '?'}: ${error.message}; run the report again`);
  }
}
