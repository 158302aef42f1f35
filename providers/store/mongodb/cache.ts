import { randomUUID } from 'node:crypto';
import type { CacheStore, Claim } from '../../../ports/store.ts';
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

    async claim(name, leaseUntil) {
      const _id = key(name, 'key');
      // Names this taker, so that one who was too slow cannot end or give back what another has taken since.
      const token = randomUUID();
      const lease = { token, done: false, expiresOn: new Date(leaseUntil) };
      const mine = { _id, token };
      const taken: Claim = {
        state: 'taken',
        async done(until) {
          const set = { done: true, expiresOn: new Date(until) };
          await connection.run('claims.done', () => claims.updateOne(mine, { $set: set }));
        },
        async release() {
          await connection.run('claims.release', () => claims.deleteOne(mine));
        },
      };
      try {
        await connection.run('claims.take', () => claims.insertOne({ _id, ...lease }));
        return taken;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      // Taken before: only one that has run out may be taken over, and by one taker.
      const lapsed = { _id, expiresOn: { $lte: new Date(now()) } };
      const { modifiedCount } = await connection.run('claims.take', () => claims.updateOne(lapsed, { $set: lease }));
      if (modifiedCount === 1) return taken;
      const there = await connection.run('claims.get', () => claims.findOne({ _id }));
      // Rows of earlier releases say nothing, and meant "seen". One that was given back just now may be asked for again.
      return { state: there !== null && there.done !== false ? 'done' : 'running' };
    },
  };
}
