import type { CmdbRecord } from '../schemas/cmdb.ts';

/** The configuration management database. Read only. Throws ProviderError. */
export interface CmdbPort {
  readonly vendor: string;
  /** By resource id; absent when the CMDB has no CI for it. Batches and pages inside. */
  lookup(resourceIds: readonly string[]): Promise<ReadonlyMap<string, CmdbRecord>>;
  check(): Promise<string>;
}
