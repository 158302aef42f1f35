import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDayCache } from '../../../providers/cost/shared/day-cache.ts';
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
