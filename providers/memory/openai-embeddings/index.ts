import type { GuidanceEntry } from '../../../schemas/memory.ts';
import type { SecondOpinion } from '../embedded/index.ts';
import type { Library } from '../embedded/library.ts';
import { DEPTH, HASHED_ALONE, type OtherRanks, queryTexts } from '../embedded/recall.ts';
import type { MemoryFallback, MemoryQuery } from '../../../ports/memory.ts';
import type { MemoryRecords } from '../records.ts';
import type { Embedder } from './embedder.ts';
import { reembed } from './reembed.ts';

export interface EndpointOpinionOptions {
  readonly records: MemoryRecords;
  readonly guidance: readonly GuidanceEntry[];
  readonly embedder: Embedder;
  /** After a failure the endpoint is left alone this long, in milliseconds. @default 60000 */
  readonly pauseMs?: number;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/**
 * Ranks by the vectors of an embeddings endpoint, beside the hashed ones. A failing endpoint costs its own ranks and one
 * time-out a minute: the hashed vectors stand in, and the answer says so. Vectors of an older model are made anew in the
 * background of the recalls, and count for nothing until then.
 */
export async function createEndpointOpinion(options: EndpointOpinionOptions): Promise<SecondOpinion> {
  const { records, embedder, pauseMs = 60_000, now = Date.now } = options;
  const searchesElsewhere = await records.searches();
  let down: { readonly until: number; readonly failure: MemoryFallback } | null = null;
  let background: Promise<void> | null = null;
  let closed = false;

  const without = (fallback: MemoryFallback): OtherRanks => ({ ...HASHED_ALONE, fallback });

  function startReembedding(): void {
    if (background !== null || closed) return;
    const work = async () => {
      const { interrupted } = await reembed({ ...options, stopped: () => closed });
      if (interrupted) down = { until: now() + pauseMs, failure: 'unavailable' };
    };
    // A database that fails here fails the recalls as well, where somebody is told.
    background = work().catch(() => undefined);
    void background.finally(() => {
      background = null;
    });
  }

  async function nearest(
    library: Library,
    query: MemoryQuery,
    vector: Float32Array,
  ): Promise<readonly string[] | null> {
    const kind = query.facets.kind;
    if (!searchesElsewhere) return library.vectors(kind)?.nearest(vector, DEPTH) ?? [];
    const question = { ...embedder.space, vector, class: kind, limit: DEPTH, asOf: new Date(query.asOf) };
    return records.nearest(question);
  }

  return {
    vendor: 'openai',
    space: searchesElsewhere ? null : embedder.space,
    async ranks(library, query) {
      if (down !== null && now() < down.until) return without(down.failure);
      const texts = queryTexts(query);
      const result = await embedder.embed([texts.cases, texts.guidance]);
      if (!result.ok) {
        // What the guard stopped says nothing about the endpoint.
        if (result.failure !== 'egress-blocked')
          down = { until: now() + Math.max(pauseMs, result.retryAfter ?? 0), failure: result.failure };
        return without(result.failure);
      }
      down = null;
      startReembedding();
      const [caseVector, guidanceVector] = result.vectors as readonly [Float32Array, Float32Array];
      const cases = await nearest(library, query, caseVector);
      if (cases === null) return without('unavailable');
      const guidance = library.guidanceVectors?.nearest(guidanceVector, DEPTH) ?? [];
      return { model: embedder.space.model, fallback: null, guidance, cases };
    },
    async check() {
      const waiting = await records.countOfOtherSpace(embedder.space);
      const result = await embedder.embed(['idle instance']);
      const answer = result.ok ? 'answers' : `does not serve (${result.failure}), so hashed vectors stand in`;
      return `; ${embedder.baseUrl} ${answer} for ${embedder.space.model}, ${waiting} vectors still to be made`;
    },
    async close() {
      closed = true;
      await background;
    },
  };
}
