import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDayCache } from '../../../providers/cost/shared/day-cache.ts';
import { createPacer, WaitTooLong } from '../../../providers/cost/shared/pacer.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import { DAY, isoDay } from './bill-rig.ts';

describe('days in the cache', () => {
  const today = isoDay(Date.now());
  const rows = (n: number) =>
    new Map(
      Array.from(
        { length: n },
        (_, i): [string, { amortized: string; unblended: string; reserved: string; savingsPlan: string }] => [
          `/subscriptions/x/resource.with$odd-${i}`,
          { amortized: `${i}.5`, unblended: `${i}`, reserved: '0', savingsPlan: '0' },
        ],
      ),
    );

  it('are cut into parts that a database takes, and read as one', async () => {
    const cache = memoryCache();
    const days = createDayCache(cache, 'cost/x');
    await days.putDays('a', new Map([[today, rows(45_000)]]));
    assert.equal(cache.keys().length, 3);
    assert.deepEqual(await days.day('a', today), rows(45_000));
    await days.putDays('a', new Map([[today, rows(3)]]));
    assert.equal((await days.day('a', today))?.size, 3, 'parts of an earlier writing do not count');
  });

  it('are unknown when a part is missing, and empty when nothing was billed', async () => {
    const cache = memoryCache();
    const days = createDayCache(cache, 'cost/x');
    await days.putDays('a', new Map([[today, rows(45_000)]]));
    await cache.put(`cost/x/a/day/${today}/1`, null, new Date(Date.now() + DAY).toISOString());
    assert.equal(await days.day('a', today), null);
    await days.putDays('b', new Map([[today, new Map()]]));
    assert.deepEqual(await days.day('b', today), new Map());
  });
});

describe('the pace of requests', () => {
  /** A clock that only sleeping moves. */
  const still = () => {
    let now = 1_000_000;
    return { clock: () => now, sleep: async (ms: number) => void (now += ms), pass: (ms: number) => void (now += ms) };
  };

  it('never sends more than the limit in any window, whoever asks at once', async () => {
    const { clock, sleep } = still();
    const pacer = createPacer(
      [
        { requests: 5, perMs: 5_000 },
        { requests: 12, perMs: 60_000 },
      ],
      { longestWaitMs: 1e9, clock, sleep },
    );
    const sent: number[] = [];
    await Promise.all(Array.from({ length: 40 }, () => pacer.take().then(() => sent.push(clock()))));
    for (const at of sent) {
      assert.ok(sent.filter((s) => s >= at && s < at + 5_000).length <= 5);
      assert.ok(sent.filter((s) => s >= at && s < at + 60_000).length <= 12);
    }
    assert.ok((sent.at(-1) as number) - (sent[0] as number) < 4 * 62_000, 'nor much less');
  });

  it('refuses to wait too long, and is not held up by having refused', async () => {
    const { clock, sleep, pass } = still();
    const pacer = createPacer([{ requests: 1, perMs: 10_000 }], { longestWaitMs: 500, clock, sleep });
    await pacer.take();
    await assert.rejects(pacer.take(), WaitTooLong);
    pass(11_000);
    await pacer.take();
    pass(11_000);
    pacer.pause(300);
    const before = clock();
    await pacer.take();
    assert.equal(clock() - before, 300);
  });
});
