import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createMongoStore } from '../../../providers/store/mongodb/create-mongo-store.ts';
import type { Store } from '../../../ports/store.ts';
import { startMongo } from '../../helpers/servers.ts';
import { T0 } from './records.ts';

let server: Awaited<ReturnType<typeof startMongo>>;
/** Two stores with connections of their own stand for two processes. */
let stores: [Store, Store];

before(async () => {
  server = await startMongo();
  const open = () => createMongoStore({ uri: server.uri, database: 'budgets' });
  stores = [await open(), await open()];
});
after(async () => {
  for (const store of stores ?? []) await store.close();
  await server?.stop();
});

const reserve = (id: string, scopes: Record<string, number>, which: 0 | 1 = 0) =>
  stores[which].budgets.reserve({
    reservationId: id,
    scopes: Object.entries(scopes).map(([scope, limit]) => ({ scope, limit })),
    at: T0,
  });

test('forty racers for a limit of five: exactly five are granted, each with a place of its own', async () => {
  const results = await Promise.all(
    Array.from({ length: 40 }, (_, i) => reserve(`race-${i}`, { 'run:race': 5 }, (i % 2) as 0 | 1)),
  );
  const granted = results.filter((r) => r.granted);
  assert.equal(granted.length, 5);
  assert.deepEqual(
    granted.map((r) => r.used['run:race'] ?? -1).sort((a, b) => a - b),
    [0, 1, 2, 3, 4],
  );
  assert.ok(results.filter((r) => !r.granted).every((r) => r.exceeded === 'run:race'));
});

test('the same reservation asked for many times at once takes one place', async () => {
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, i) => reserve('same', { 'day:same': 1, 'run:same': 1 }, (i % 2) as 0 | 1)),
  );
  assert.ok(results.every((r) => r.granted && r.used['day:same'] === 0 && r.used['run:same'] === 0));
  assert.equal((await reserve('another', { 'day:same': 1 })).granted, false);
});

test('when a later scope is full the earlier ones are given back', async () => {
  assert.equal((await reserve('first', { 'owner:a': 1 })).granted, true);
  const refused = await reserve('second', { 'day:b': 1, 'owner:a': 1 });
  assert.deepEqual([refused.granted, refused.exceeded], [false, 'owner:a']);
  assert.equal((await reserve('third', { 'day:b': 1 })).granted, true);
});

test('a refused reservation may be granted later under the same id', async () => {
  await reserve('holder', { 'run:wait': 1 });
  assert.equal((await reserve('waiter', { 'run:wait': 1 })).granted, false);
  await stores[1].budgets.release('holder');
  await stores[1].budgets.release('holder');
  assert.equal((await reserve('waiter', { 'run:wait': 1 })).granted, true);
  assert.equal((await reserve('holder', { 'run:wait': 1 })).granted, false);
});

test('racers across two scopes in opposite order never pass either limit', async () => {
  const results = await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      reserve(`x-${i}`, i % 2 ? { 'x:a': 4, 'x:b': 6 } : { 'x:b': 6, 'x:a': 4 }, (i % 2) as 0 | 1),
    ),
  );
  const granted = results.filter((r) => r.granted).length;
  assert.ok(granted <= 4, `${granted} granted`);
  const probe = await reserve('x-probe', { 'x:a': 4, 'x:b': 6 });
  assert.equal(granted + (probe.granted ? 1 : 0) >= 1, true);
  assert.equal(probe.used['x:a'], granted);
  assert.equal(probe.used['x:b'], granted);
});

test('a limit of zero or one lowered below what is used grants nothing', async () => {
  assert.equal((await reserve('zero', { 'z:0': 0 })).granted, false);
  for (const id of ['l-1', 'l-2', 'l-3']) assert.equal((await reserve(id, { 'z:low': 5 })).granted, true);
  assert.equal((await reserve('l-4', { 'z:low': 2 })).granted, false);
  assert.equal((await reserve('l-1', { 'z:low': 2 })).granted, true, 'what was granted stays granted');
});

test('releasing an unknown reservation does nothing', async () => {
  await stores[0].budgets.release('never-made');
});
