import type { CacheStore } from '../../ports/store.ts';

/** A cache for one test; expired entries are gone, values are copied as a database would. */
export function memoryCache(): CacheStore & { readonly keys: () => string[] } {
  const rows = new Map<string, { json: string; until: number }>();
  const live = (key: string) => {
    const row = rows.get(key);
    return row && row.until > Date.now() ? row : null;
  };
  return {
    keys: () => [...rows.keys()],
    get: async (key) => {
      const row = live(key);
      return row ? (JSON.parse(row.json) as unknown) : null;
    },
    put: async (key, value, expiresAt) => {
      rows.set(key, { json: JSON.stringify(value), until: Date.parse(expiresAt) });
    },
    claim: async (key, leaseUntil) => {
      const there = live(key);
      if (there) return { state: there.json === '"done"' ? 'done' : 'running' };
      const mine = { json: '"running"', until: Date.parse(leaseUntil) };
      rows.set(key, mine);
      return {
        state: 'taken',
        done: async (until) => {
          if (rows.get(key) === mine) rows.set(key, { json: '"done"', until: Date.parse(until) });
        },
        release: async () => {
          if (rows.get(key) === mine) rows.delete(key);
        },
      };
    },
  };
}
