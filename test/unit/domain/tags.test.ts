import assert from 'node:assert/strict';
import { it } from 'node:test';
import { z } from 'zod';
import { readTags } from '../../../domain/tags.ts';
import { Tags } from '../../../providers/tags.ts';

const TAGS = { env: 'dev', 'aws:createdBy': 'a:b', 'Cost Center': '' };
const PAIRS = Object.entries(TAGS);
/** The same tags in every wrapping that a system sends. */
const WRAPPINGS: readonly (readonly [who: string, value: unknown])[] = [
  ['an object (Azure, Google labels)', TAGS],
  ['an object with null for empty', { ...TAGS, 'Cost Center': null }],
  ['a list of AWS', PAIRS.map(([Key, Value]) => ({ Key, Value }))],
  ['a list of AWS with null', PAIRS.map(([Key, Value]) => ({ Key, Value: Value || null, ResourceId: 'i-1' }))],
  ['a list of key and value', PAIRS.map(([key, value]) => ({ key, value, inherited: false }))],
  ['a list without the empty value', PAIRS.map(([key, value]) => (value ? { key, value } : { key }))],
  ['TagKey and TagValue', PAIRS.map(([TagKey, TagValue]) => ({ TagKey, TagValue }))],
  ['a list of two', PAIRS],
  ['a map of a parquet file', new Map(PAIRS)],
  ['a wrapped field', { value: TAGS }],
  ['a list of texts with a colon', PAIRS.map(([k, v]) => `${k}: ${v}`)],
  ['a list of texts with an equals sign', PAIRS.map(([k, v]) => `${k}=${v}`)],
  ['JSON of an object', JSON.stringify(TAGS)],
  ['JSON of a list', JSON.stringify(PAIRS.map(([key, value]) => ({ key, value })))],
  ['JSON inside JSON', JSON.stringify(JSON.stringify(TAGS))],
  ['Azure: no braces', JSON.stringify(TAGS).slice(1, -1)],
  ['Azure: no braces, blanks and a comma at the end', '"env": "dev", "aws:createdBy": "a:b", "Cost Center": "",'],
  ['a map as SQL engines print it', '{env=dev, aws:createdBy=a:b, Cost Center=}'],
  ['text of pairs', 'env=dev;aws:createdBy=a:b;Cost Center='],
];
for (const [who, value] of WRAPPINGS)
  it(`reads ${who}`, () => {
    assert.deepEqual(readTags(value), { ok: true, value: TAGS });
    assert.deepEqual(Tags.parse(value), TAGS);
  });

it('takes absent and empty for no tags, and numbers and booleans for their text', () => {
  for (const none of [undefined, null, '', ' ', '{}', '[]', 'null', 'NULL', [], {}, { '': '' }, { '': null }])
    assert.deepEqual(readTags(none), { ok: true, value: {} }, JSON.stringify(none));
  assert.deepEqual(z.object({ tags: Tags }).parse({}), { tags: {} });
  assert.deepEqual(readTags({ keep: true, n: 7 }), { ok: true, value: { keep: 'true', n: '7' } });
  assert.deepEqual(readTags(['do-not-touch']), { ok: true, value: { 'do-not-touch': '' } });
});

it('refuses what it cannot read whole, rather than keep a part', () => {
  for (const value of [
    42,
    true,
    'env',
    '{"env":',
    '"a":"b" and so on',
    [{ Value: 'x' }],
    { env: ['a'] },
    { a: { b: 'c' } },
    [['a']],
  ]) {
    const reading = readTags(value);
    assert.ok(!reading.ok, JSON.stringify(value));
    assert.match(reading.reason, /must be tags/);
    assert.ok(!Tags.safeParse(value).success);
  }
  const twice = readTags([
    { key: 'keep', value: 'yes' },
    { key: 'keep', value: 'no' },
  ]);
  assert.match(twice.ok ? '' : twice.reason, /two values for the tag "keep"/);
});

it('keeps a tag with a name that JavaScript gives a meaning', () => {
  const reading = readTags('{"__proto__":"x"}');
  assert.deepEqual(reading.ok && Object.entries(reading.value), [['__proto__', 'x']]);
});
