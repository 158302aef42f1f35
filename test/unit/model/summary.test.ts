import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanSummary } from '../../../providers/model/summary.ts';

const prompt = 'cpu band <3, window 14 days, coverage 98';

test('plain words pass unchanged', () => {
  assert.equal(cleanSummary('Quiet for 14 days; owner unclear.', prompt), 'Quiet for 14 days; owner unclear.');
});

test('links, mentions and markup of chat and ticket systems are gone', () => {
  const summary = cleanSummary(
    '<!channel> <@U1> *bold* `code` [here](https://evil.example/x) www.evil.example root@evil.example {code} :tada: javascript:alert evil.example/path',
    `${prompt} 1`,
  );
  assert.ok(summary);
  for (const trace of ['<', '>', '*', '`', '[', '](', 'http', 'www', '@', '{', ':tada:', 'javascript', 'evil.example'])
    assert.ok(!summary.includes(trace), `${trace} is left in: ${summary}`);
});

test('control and direction characters are gone', () => {
  const summary = cleanSummary('a\u202eb\u0007c\u200bd\u2066e', prompt) ?? '';
  assert.match(summary, /^[\x20-\x7e]+$/);
});

test('a number that was not in the prompt drops the whole summary', () => {
  assert.equal(cleanSummary('It saves 500 a month.', prompt), null);
  assert.equal(cleanSummary('Used for 1498 days.', prompt), null, 'digits of the prompt put together are a new number');
  assert.equal(cleanSummary('It saves ５００ a month.', prompt), null, 'full-width digits are digits');
  assert.equal(cleanSummary('It saves ٥٠٠ a month.', prompt), null, 'digits of other scripts are digits');
});

test('a summary is cut at 600 characters and an empty one is null', () => {
  assert.equal([...(cleanSummary('word '.repeat(400), prompt) ?? '')].length, 600);
  assert.equal(cleanSummary(' \u200b\n', prompt), null);
  assert.equal(cleanSummary('<@U>', prompt), null);
  assert.equal(cleanSummary(null, prompt), null);
});
