import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Import, importsIn, importsOf, ROOMS, root } from './imports.ts';

const all = importsIn(ROOMS);
const isOurs = (path: string) => ROOMS.some((room) => path.startsWith(`${room}/`));
const roomOf = (path: string) => path.split('/')[0] ?? '';
/** `clients/start` is the development environment: it and what it starts are no part of an image. */
const inProduction = ({ from }: Import) => !from.startsWith('clients/start/');

/** A way round through the rooms that ends where it began; null when there is none. */
function circleIn(edges: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | null {
  const done = new Set<string>();
  const walk = (room: string, path: readonly string[]): readonly string[] | null => {
    if (path.includes(room)) return [...path.slice(path.indexOf(room)), room];
    if (done.has(room)) return null;
    for (const next of edges.get(room) ?? []) {
      const found = walk(next, [...path, room]);
      if (found) return found;
    }
    done.add(room);
    return null;
  };
  for (const room of edges.keys()) {
    const found = walk(room, []);
    if (found) return found;
  }
  return null;
}

function edgesOf(imports: readonly Import[]): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const { from, to } of imports)
    if (isOurs(to) && roomOf(from) !== roomOf(to))
      edges.set(roomOf(from), (edges.get(roomOf(from)) ?? new Set()).add(roomOf(to)));
  return edges;
}

test('no circle between rooms, types and lazy imports included', () => {
  assert.ok(all.length > 3000, 'the imports were found');
  assert.deepEqual(circleIn(edgesOf(all)), null);
});

test('a circle between rooms would be found', () => {
  const back = { from: 'config/a.ts', to: 'compose/b.ts', typeOnly: true, lazy: false };
  assert.deepEqual([...new Set(circleIn(edgesOf([...all, back])))].toSorted(), ['compose', 'config']);
});

test('reading the configuration loads no vendor’s client', () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const walk = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { to, typeOnly, lazy } of importsOf(file)) {
      if (typeOnly || lazy) continue;
      if (isOurs(to)) walk(to);
      else packages.add(to);
    }
  };
  walk('config/schema.ts');
  assert.deepEqual([...packages].sort(), ['zod']);
  const adapters = [...seen].filter((file) => /^providers\/\w+\/[\w-]+\/(index|client|chat)\.ts$/.test(file));
  assert.deepEqual(adapters, []);
});

test('what runs in production needs no development dependency', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const missing = all.filter(
    (found) =>
      inProduction(found) &&
      !found.typeOnly &&
      !isOurs(found.to) &&
      !found.to.startsWith('node:') &&
      !(found.to in dependencies),
  );
  assert.deepEqual(missing, []);
});

test('every dependency is used by what runs in production', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const used = new Set(all.filter(inProduction).map(({ to }) => to));
  assert.deepEqual(
    Object.keys(dependencies).filter((name) => !used.has(name)),
    [],
  );
});

test('what runs in production imports nothing but what the image holds', () => {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const copied = [...dockerfile.matchAll(/^COPY (\w+) /gm)].map(([, folder]) => folder);
  assert.deepEqual(copied, [...ROOMS]);
  const outside = all.filter(
    (found) => inProduction(found) && !found.to.startsWith('node:') && found.to.includes('.ts') && !isOurs(found.to),
  );
  assert.deepEqual(outside, []);
});
