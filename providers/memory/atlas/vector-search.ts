import { isProviderError } from '../../../ports/errors.ts';
import type { Connection } from '../../store/mongodb/connect.ts';
import type { Space, VectorQuestion } from '../records.ts';

/** What the index over `memory` must be for `$vectorSearch` to find anything: the vector, and every field that is filtered by. */
export function atlasIndexDefinition(dim: number): Record<string, unknown> {
  const filters = ['tenant', 'class', 'model', 'version', 'expiresOn'].map((path) => ({ type: 'filter', path }));
  return { fields: [{ type: 'vector', path: 'vector', numDimensions: dim, similarity: 'cosine' }, ...filters] };
}

/** The search as one stage. The tenant is filtered inside it, so that no neighbour of another tenant is even a candidate. */
export function vectorSearchPipeline(
  index: string,
  tenant: string,
  question: VectorQuestion,
): Record<string, unknown>[] {
  const { model, version, vector, limit } = question;
  const mine = { tenant: { $eq: tenant }, class: { $eq: question.class }, expiresOn: { $gt: question.asOf } };
  const space: Record<keyof Omit<Space, 'dim'>, unknown> = { model: { $eq: model }, version: { $eq: version } };
  return [
    {
      $vectorSearch: {
        index,
        path: 'vector',
        queryVector: [...vector],
        filter: { $and: Object.entries({ ...mine, ...space }).map(([path, is]) => ({ [path]: is })) },
        // Exact: a tenant's cases of one kind are few enough, and an approximate answer would not repeat itself.
        exact: true,
        limit,
      },
    },
    { $project: { id: 1 } },
  ];
}

export interface AtlasSearch {
  /** @throws ProviderError when the database is down */
  ready(): Promise<boolean>;
  /** Null when the deployment has no vector search, or not this index. @throws ProviderError when the database is down */
  nearest(question: VectorQuestion): Promise<readonly string[] | null>;
  /** The end of a sentence; empty when no index is configured. */
  check(): Promise<string>;
}

/** Looks once whether the deployment can do it; what cannot is left to the search in this process. */
export function createAtlasSearch(parts: {
  readonly connection: Connection;
  readonly tenant: string;
  readonly index: string | null;
}): AtlasSearch {
  const { connection, tenant, index } = parts;
  const memory = connection.collection('memory');
  let detected: Promise<'ready' | 'no-feature' | 'no-index'> | null = null;

  async function detect(name: string): Promise<'ready' | 'no-feature' | 'no-index'> {
    try {
      const found = await connection.run('memory.listSearchIndexes', () => memory.listSearchIndexes(name).toArray());
      return found.some((i) => (i as { queryable?: unknown }).queryable === true) ? 'ready' : 'no-index';
    } catch (error) {
      if (refusedByServer(error)) return 'no-feature';
      throw error;
    }
  }
  async function state(name: string): Promise<'ready' | 'no-feature' | 'no-index'> {
    detected ??= detect(name);
    try {
      return await detected;
    } catch (error) {
      // Down is not the same as incapable: ask again.
      detected = null;
      throw error;
    }
  }
  return {
    ready: async () => index !== null && (await state(index)) === 'ready',
    async nearest(question) {
      if (index === null || (await state(index)) !== 'ready') return null;
      try {
        const pipeline = vectorSearchPipeline(index, tenant, question);
        const rows = await connection.run('memory.vectorSearch', () => memory.aggregate(pipeline).toArray());
        return rows.map((row) => String(row['id']));
      } catch (error) {
        if (refusedByServer(error)) return null;
        throw error;
      }
    },
    async check() {
      if (index === null) return '';
      const words = {
        ready: `; vector search by the index ${index}`,
        'no-feature': `; this deployment has no vector search, so memory.atlasIndex ${index} is not used`,
        'no-index': `; no queryable vector search index ${index} over the collection memory, so it is not used`,
      };
      return words[await state(index)];
    },
  };
}

/** The server understood and said no: it lacks the feature, or this user may not use it. */
function refusedByServer(error: unknown): boolean {
  return isProviderError(error, 'terminal') || isProviderError(error, 'unauthorised');
}
