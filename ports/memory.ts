import type { CaseFacets, GuidanceEntry, PastCase } from '../schemas/memory.ts';
import type { ActionName } from '../schemas/option.ts';

export interface MemoryQuery {
  readonly facets: CaseFacets;
  /** Actions on offer. */
  readonly actions: readonly ActionName[];
  /** ISO instant; what has been forgotten by then is not recalled. */
  readonly asOf: string;
}

/** Why an embeddings endpoint that is configured was not used. */
export type MemoryFallback =
  | 'unavailable'
  | 'timeout'
  | 'rate-limited'
  | 'quota-exhausted'
  | 'unauthorised'
  | 'egress-blocked'
  | 'dimension-mismatch'
  | 'malformed';

export interface Recalled {
  /** All guidance that applies, best first. Always from the operator's file, never from the database. */
  readonly guidance: readonly GuidanceEntry[];
  /** All past cases about a case like this one that argue for care, best first. */
  readonly cautions: readonly PastCase[];
  /** The few most like it, whatever came of them: for people to read and for measuring. */
  readonly similar: readonly PastCase[];
  /** What put them in order: the model's name, with why the hashed vectors stood in for it. */
  readonly ranking: { readonly model: string; readonly fallback: MemoryFallback | null };
}

/** What is remembered of one verified case. `caseId` only makes the entry's id; it is not kept. */
export type NewMemory = Omit<PastCase, 'id' | 'kind'> & { readonly caseId: string };

/** What those need who know how a case ended. */
export interface MemoryKeeper {
  /** Stands for an owner within this tenant and cannot be turned back without the tenant's salt. */
  pseudonym(text: string): string;
  /**
   * Idempotent by `caseId`; a later end replaces an earlier one. Returns the entry's id.
   * @throws ProviderError `terminal` for an entry that holds anything but classes, bands and codes
   */
  remember(memory: NewMemory): Promise<string>;
  close(): Promise<void>;
}

/**
 * Guidance and verified past cases of one tenant. Recalling never depends on the order of writing, and a failing
 * embeddings endpoint is an answer (`ranking.fallback`), not an error. @throws ProviderError when the database fails
 */
export interface MemoryPort extends MemoryKeeper {
  readonly vendor: string;
  /** Most notes of each sort a model is told. */
  readonly k: number;
  recall(query: MemoryQuery): Promise<Recalled>;
  check(): Promise<string>;
}
