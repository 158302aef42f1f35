import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isActivity, parseActivity } from '../../../clients/teams/activity.ts';

const CLICK = {
  type: 'invoke',
  id: 'f:1',
  timestamp: '2026-03-02T10:00:00.000Z',
  channelId: 'msteams',
  serviceUrl: 'https://smba.trafficmanager.net/emea/',
  from: { id: '29:1' },
  recipient: { id: '28:2' },
  conversation: { id: '19:3@thread.tacv2' },
};
const parse = (value: unknown) => parseActivity(Buffer.from(JSON.stringify(value)));

test('an activity is read', () => assert.ok(isActivity(parse(CLICK))));

const refused: readonly (readonly [field: string, found: string, value: unknown])[] = [
  ['timestamp', 'nothing', { ...CLICK, timestamp: undefined }],
  ['id', 'empty text', { ...CLICK, id: '' }],
  ['from.id', 'number', { ...CLICK, from: { id: 7 } }],
  ['conversation', 'null', { ...CLICK, conversation: null }],
  ['(body)', 'object', []],
];
for (const [field, found, value] of refused)
  test(`what is none is refused with its place: ${field}`, () => {
    const parsed = parse(value);
    assert.ok(!isActivity(parsed));
    assert.deepEqual([parsed.field, parsed.found], [field, found]);
    assert.ok(parsed.fix);
  });

test('a body that is no JSON is refused, and not repeated', () => {
  const parsed = parseActivity(Buffer.from('{"type":"invoke", "secret'));
  assert.ok(!isActivity(parsed));
  assert.doesNotMatch(JSON.stringify(parsed), /secret/);
});
