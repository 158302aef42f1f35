import assert from 'node:assert/strict';
import { test } from 'node:test';
import { behind, rangesOf, reached, shortened, sizeOf, takeRanges } from '../../../activities/telemetry/ranges.ts';
import type { Range } from '../../../ports/trail.ts';

const rowsOf = (ranges: readonly Range[]) =>
  ranges.flatMap(({ stream, after, upTo }) =>
    Array.from({ length: upTo - after }, (_, n) => ({ stream, seq: after + 1 + n })),
  );

test('every event is taken exactly once, whatever the sizes', () => {
  for (const limit of [1, 2, 3, 7, 100]) {
    const heads = new Map([
      ['a', 5],
      ['b', 1],
      ['c', 13],
      ['d', 4],
    ]);
    const queue = behind(
      heads,
      new Map([
        ['a', 2],
        ['d', 4],
      ]),
    );
    assert.equal(sizeOf(queue), 17);
    const seen: string[] = [];
    for (let guard = 0; queue.length > 0 && guard < 50; guard++) {
      const taken = takeRanges(queue, limit);
      assert.ok(sizeOf(taken) <= limit);
      seen.push(...rowsOf(taken).map(({ stream, seq }) => `${stream}${seq}`));
    }
    assert.equal(seen.length, 17);
    assert.equal(new Set(seen).size, 17);
  }
});

test('a cursor moves to the last row that is settled, and no further', () => {
  const ranges = [
    { stream: 'a', after: 2, upTo: 5 },
    { stream: 'b', after: 0, upTo: 1 },
    { stream: 'c', after: 0, upTo: 3 },
  ];
  const rows = rowsOf(ranges);
  const to = (settled: number) => Object.fromEntries(reached(ranges, rows, settled));
  assert.deepEqual(to(0), {});
  assert.deepEqual(to(2), { a: 4 });
  assert.deepEqual(to(3), { a: 5 });
  assert.deepEqual(to(4), { a: 5, b: 1 });
  assert.deepEqual(to(6), { a: 5, b: 1, c: 2 });
  assert.deepEqual(to(7), { a: 5, b: 1, c: 3 });
});

test('rows that were filtered out or are missing do not hold a cursor back', () => {
  const ranges = [
    { stream: 'a', after: 0, upTo: 10 },
    { stream: 'b', after: 3, upTo: 9 },
  ];
  const rows = [
    { stream: 'a', seq: 2 },
    { stream: 'a', seq: 7 },
  ];
  assert.deepEqual(Object.fromEntries(reached(ranges, rows, 1)), { a: 2, b: 9 });
  assert.deepEqual(Object.fromEntries(reached(ranges, rows, 2)), { a: 10, b: 9 });
  assert.deepEqual(Object.fromEntries(reached(ranges, [], 0)), { a: 10, b: 9 });
});

test('a stream that is shorter than its cursor, or gone, is noticed', () => {
  const cut = shortened(
    new Map([
      ['a', 5],
      ['b', 2],
    ]),
    new Map([
      ['a', 5],
      ['b', 3],
      ['c', 1],
    ]),
  );
  assert.deepEqual(Object.fromEntries(cut), { b: 2, c: 0 });
});

test('single places make ranges that mean the same', () => {
  const places = [
    { stream: 'a', seq: 3 },
    { stream: 'a', seq: 4 },
    { stream: 'a', seq: 9 },
    { stream: 'b', seq: 10 },
  ];
  assert.deepEqual(rowsOf(rangesOf(places)), places);
  assert.equal(rangesOf(places).length, 3);
});

test('settings and refusals do not wait for a backlog of remediations', () => {
  const heads = new Map([
    ['auth', 2],
    ['remediation/a', 500],
    ['remediation/b', 500],
    ['system', 1],
  ]);
  const first = takeRanges(behind(heads, new Map()), 10);
  assert.deepEqual(new Set(first.slice(0, 2).map(({ stream }) => stream)), new Set(['auth', 'system']));
});
