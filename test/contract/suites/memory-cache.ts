import type { CacheStore } from '../../../ports/store.ts';

/** What adapters keep in the records, kept in this process. */
export function memoryCache(): CacheStore {
  const kept = new Map<string, unknown>();
  const cache: Pick<CacheStore, 'get' | 'put'> = {
    get: async (key) => kept.get(key) ?? null,
    put: async (key, value) => void kept.set(key, value),
  };
  return cache as CacheStore;
}
