import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LONGEST_WAIT_MS, waitOf } from '../../../providers/http/wait.ts';

// The forms of a date are those of RFC 9110, section 5.6.7; the example there is one moment in all three.
const EXAMPLE = Date.UTC(1994, 10, 6, 8, 49, 37);

describe('the one reader of Retry-After', () => {
  const at = EXAMPLE - 90_000;
  const readable: readonly [string, number][] = [
    ['7', 7_000],
    [' 7 ', 7_000],
    ['0.05', 50],
    ['0', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 90_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 90_000],
    ['Sun Nov  6 08:49:37 1994', 90_000],
    ['1994-11-06T08:49:37Z', 90_000],
    ['99999999', LONGEST_WAIT_MS],
    ['Fri, 06 Nov 2093 08:49:37 GMT', LONGEST_WAIT_MS],
  ];
  for (const [text, ms] of readable)
    it(`reads "${text}"`, () => assert.equal(waitOf(new Headers({ 'retry-after': text }), at), ms));

  it('never looks at the machine’s clock', () => {
    const headers = new Headers({ 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' });
    assert.equal(waitOf(headers, EXAMPLE - 1_000), 1_000);
    assert.equal(waitOf(headers, EXAMPLE + 1_000), 0, 'a moment that has passed');
  });

  for (const text of ['', 'soon', '-5', '5 apples', '1e3', 'NaN', 'Infinity', '06 Nov', 'tomorrow 12'])
    it(`takes "${text}" for no waiting time`, () =>
      assert.equal(waitOf(new Headers({ 'retry-after': text }), at), null));

  it('tells seconds from now, seconds and milliseconds since 1970, and dates apart', () => {
    const now = Date.UTC(2026, 1, 28, 23, 59, 50);
    const wait = (text: string) => waitOf({ 'x-ratelimit-reset': text }, now, { names: ['x-ratelimit-reset'] });
    assert.equal(wait('30'), 30_000);
    assert.equal(wait(String(now / 1000 + 30)), 30_000);
    assert.equal(wait(String(now + 30_000)), 30_000);
    assert.equal(wait('2026-03-01T00:00:20Z'), 30_000);
  });

  it('believes Retry-After before a vendor’s own header, and of several quotas the longest', () => {
    const headers = new Headers({
      'retry-after': '5',
      'x-reset': '50',
      'x-quota-a-retry-after': '3',
      'x-quota-b-retry-after': '8',
    });
    assert.equal(waitOf(headers, at, { names: ['x-reset'] }), 5_000);
    assert.equal(waitOf(headers, at, { pattern: /^x-quota-.*-retry-after$/ }), 8_000);
    assert.equal(waitOf(new Headers({ 'x-reset': '50' }), at, { names: ['x-reset'] }), 50_000);
    assert.equal(waitOf(new Headers({ 'x-reset': '50' }), at), null);
  });

  it('reads the headers of other clients', () => {
    assert.equal(waitOf({ 'retry-after': '7' }, at), 7_000);
    assert.equal(waitOf({ 'retry-after': ['7'] }, at), 7_000);
    assert.equal(waitOf({ 'retry-after-ms': '250', 'retry-after': '1' }, at), 250);
    assert.equal(waitOf(new Map([['retry-after', '7']]) as unknown as { get(n: string): string }, at), 7_000);
  });
});
