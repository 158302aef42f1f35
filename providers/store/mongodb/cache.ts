import type { CacheStore } from '../../../ports/store.ts';
import type { Connection } from './connect.ts';
import { decode, encode, key } from './documents.ts';
import { isDuplicateKey } from './errors.ts';

/** @param now clock in epoch milliseconds; expiry is ours to judge, the TTL index only sweeps up. */
export function createCache(connection: Connection, now: () => number): CacheStore {
  const cache = connection.collection('cache');
  const claims = connection.durable('claims');
  return {
    async get(name) {
      const _id = key(name, 'key');
      const raw = await connection.run('cache.get', () => cache.findOne({ _id }));
      if (!raw || !(raw.expiresOn instanceof Date) || raw.expiresOn.getTime() <= now()) return null;
      return decode(raw.value) ?? null;
    },

    async put(name, value, expiresAt) {
      const _id = key(name, 'key');
      const body = { value: encode(value), expiresOn: new Date(expiresAt) };
      await connection.run('cache.put', () => cache.replaceOne({ _id }, body, { upsert: true }));
    },

    async claim(name, expiresAt) {
      const _id = key(name, 'key');
      const expiresOn = new Date(expiresAt);
      try {
        await connection.run('cache.claim', () => claims.insertOne({ _id, expiresOn }));
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      // Taken before: only a claim that has run out may be taken over, and by one taker.
      const lapsed = { _id, expiresOn: { $lte: new Date(now()) } };
      const { modifiedCount } = await connection.run('cache.claim', () =>
        claims.updateOne(lapsed, { $set: { expiresOn } }),
      );
      return modifiedCount === 1;
    },
  };
}
