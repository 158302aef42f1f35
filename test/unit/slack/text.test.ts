import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ButtonValue, digestPrefix } from '../../../providers/chat/buttons.ts';
import { decodeButton, encodeButton } from '../../../providers/chat/slack/buttons.ts';
import { code, escape, instant, link } from '../../../providers/chat/slack/text.ts';
import { clean } from '../../../providers/chat/text.ts';

describe('foreign text', () => {
  test('loses its power to mention, link and format', () => {
    assert.equal(escape('<!channel> & <@U1>'), '&lt;!channel&gt; &amp; &lt;@U1&gt;');
    assert.doesNotMatch(escape('*Risk:* low ~x~ `y`'), /[*~`]/);
    assert.equal(code('a`b<c'), '`aˋb&lt;c`');
  });

  test('shows what is hidden and stays on one line', () => {
    assert.equal(clean('a\u200bb\u202ec\u0000d\n\n*fake*: line'), 'abcd *fake*: line');
    assert.equal(clean('ｐｒｏｄ'), 'prod', 'look-alike letters are folded');
    assert.equal(clean('x'.repeat(400), 10), `${'x'.repeat(9)}…`);
  });

  test('links only to the web and cannot break out of the link', () => {
    assert.equal(link('javascript:alert(1)', 'CHG1'), 'CHG1');
    assert.equal(link('not a url', '<b>'), '&lt;b&gt;');
    assert.equal(link('https://x.example/a|b>c?d=1&e=2', 'a|b'), '<https://x.example/a%7Cb%3Ec?d=1&amp;e=2|a¦b>');
  });

  test('a wrong date is shown as it came', () => {
    assert.match(instant('2030-01-01T00:00:00Z'), /^<!date\^1893456000\^/);
    assert.equal(instant('soon <'), 'soon &lt;');
  });
});

describe('button values', () => {
  test('come back as they were sent', () => {
    const value = {
      kind: 'approve',
      approvalId: 'a|1',
      optionId: 'stop-instance',
      digest: digestPrefix('a'.repeat(64)),
    } as const;
    assert.deepEqual(decodeButton(encodeButton(value)), value);
    assert.ok(ButtonValue.safeParse(value).success);
  });

  for (const wrong of [
    undefined,
    '',
    'null',
    '[]',
    '{"kind":"approve","approvalId":"a"}',
    '{"kind":"approve","approvalId":"a","optionId":"format-disk","digest":"aaaaaaaaaaaaaaaa"}',
    '{"kind":"approve","approvalId":"a","optionId":"stop-instance","digest":""}',
    '{"kind":"snooze","approvalId":"a","code":"99y"}',
    '{"kind":"reject","approvalId":{"$ne":""}}',
    '{"kind":"reject","approvalId":""}',
  ])
    test(`${wrong} is not one of ours`, () => assert.equal(decodeButton(wrong), null));
});
