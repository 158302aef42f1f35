import { ProviderError, ProviderErrorKind } from './errors.ts';
import type { RejectedRow } from './rows.ts';
import type { CmdbRecord } from '../schemas/cmdb.ts';

/** What the CMDB knows of the resources that were asked for. */
export interface CmdbAnswer {
  /** By resource id; absent when the CMDB has no CI for it. */
  readonly records: ReadonlyMap<string, CmdbRecord>;
  /** Items that could not be read; `assetKey` is the resource id that was asked for. */
  readonly rejected: readonly RejectedRow[];
}

export const NO_CMDB_RECORDS: CmdbAnswer = { records: new Map(), rejected: [] };

/**
 * The record of one resource; null when it has none. @throws ProviderError malformed when it has one that could not be read:
 * it may be the one that names an open incident
 */
export function cmdbRecordIn(
  cmdb: Pick<CmdbPort, 'vendor'>,
  answer: CmdbAnswer,
  resourceId: string,
): CmdbRecord | null {
  const unread = answer.rejected.find((row) => row.assetKey === resourceId || row.rowId === null);
  if (unread === undefined) return answer.records.get(resourceId) ?? null;
  throw new ProviderError({
    kind: ProviderErrorKind.Malformed,
    provider: unread.source ?? cmdb.vendor,
    operation: unread.operation ?? 'lookup',
    message: `the item of ${resourceId} could not be read: field ${unread.field}: found ${unread.found}; ${unread.fix}`,
  });
}

/** The configuration management database. Read only. Throws ProviderError. */
export interface CmdbPort {
  readonly vendor: string;
  /** Row by row: an item that cannot be read is named. Batches and pages inside. */
  lookup(resourceIds: readonly string[]): Promise<CmdbAnswer>;
  check(): Promise<string>;
}
