import type { GuidanceEntry } from '../../../schemas/memory.ts';
import type { MemoryPort, MemoryQuery } from '../../../ports/memory.ts';
import type { Space } from '../records.ts';
import { keepGuidance } from './guidance-records.ts';
import { createKeeper, type KeeperOptions } from './keeper.ts';
import { createLibrary, type Library } from './library.ts';
import { HASHED_ALONE, type OtherRanks, recallFrom } from './recall.ts';

/** A second opinion on the order of what is recalled. It never throws for an endpoint's failure. */
export interface SecondOpinion {
  readonly vendor: string;
  /** Whose vectors the library is to hold; null when they are searched elsewhere. */
  readonly space: Space | null;
  ranks(library: Library, query: MemoryQuery): Promise<OtherRanks>;
  /** The end of a sentence. */
  check(): Promise<string>;
  close(): Promise<void>;
}

export interface EmbeddedMemoryOptions extends KeeperOptions {
  readonly guidance: readonly GuidanceEntry[];
  /** @default 5 */
  readonly k?: number;
  readonly opinion?: SecondOpinion;
}

/**
 * The memory that needs nothing but the database: BM25 and hashed n-gram vectors in this process, fused by rank. It sends
 * nothing anywhere. @throws ProviderError when the database cannot be reached
 */
export async function createEmbeddedMemory(options: EmbeddedMemoryOptions): Promise<MemoryPort> {
  const { records, guidance, k = 5, opinion } = options;
  const keeper = await createKeeper(options);
  await keepGuidance(records, guidance);
  const library = createLibrary({ records, guidance, space: opinion?.space ?? null });
  return {
    ...keeper,
    vendor: opinion?.vendor ?? 'embedded',
    k,
    async recall(query) {
      await library.refresh(new Date(query.asOf));
      return recallFrom(library, guidance, { query, k, other: (await opinion?.ranks(library, query)) ?? HASHED_ALONE });
    },
    async check() {
      await library.refresh(new Date());
      const refused = library.refused === 0 ? '' : `; ${library.refused} records are no past cases and are ignored`;
      return `${guidance.length} pieces of guidance, ${await records.check()}${(await opinion?.check()) ?? ''}${refused}`;
    },
    async close() {
      await opinion?.close();
      await keeper.close();
    },
  };
}
