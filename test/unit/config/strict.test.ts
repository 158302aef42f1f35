import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import { ConfigError, parseConfig } from '../../../config/load.ts';
import { nearest } from '../../../config/nearest.ts';

const example = readFileSync(new URL('../../../config/example.yaml', import.meta.url), 'utf8');

/** Whatever YAML can hold. */
type Raw = ReturnType<typeof parse>;

/** The example with one thing changed, and what is said about it. */
function problemsWith(change: (config: Raw) => void): string {
  const config: Raw = parse(example);
  change(config);
  try {
    parseConfig(stringify(config), 'x.yaml');
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
  return '';
}

test('the example has no problem', () =>
  assert.equal(
    problemsWith(() => undefined),
    '',
  ));

const CASES: readonly (readonly [string, (c: Raw) => void, RegExp])[] = [
  ['a section misspelt', (c) => (c['polcy'] = {}), /polcy: is unknown; did you mean policy\?/],
  ['a freeze misspelt', (c) => (c['policy'].freezs = []), /policy\.freezs: is unknown; did you mean freezes\?/],
  [
    'a window misspelt',
    (c) => (c['policy'].changeWindw = null),
    /policy\.changeWindw: is unknown; did you mean changeWindow\?/,
  ],
  ['a wait misspelt', (c) => (c['policy'].waits.hould = '1h'), /policy\.waits\.hould: is unknown; did you mean hold\?/],
  [
    'a key of an account',
    (c) => (c['accounts'][0].phse = 'observe'),
    /accounts\.0\.phse: is unknown; did you mean phase\?/,
  ],
  ['a key of a vendor', (c) => (c['slack'].botTokn = 'env:X'), /slack\.botTokn: is unknown; did you mean botToken\?/],
  [
    'a key of a person',
    (c) => (c['directory'].people[0].group = []),
    /directory\.people\.0\.group: is unknown; did you mean groups\?/,
  ],
  [
    'a key like nothing',
    (c) => (c['sweep'].colour = 'red'),
    /sweep\.colour: is unknown; must be one of pageSize, pagesPerRun, schedule/,
  ],
  ['no hold', (c) => (c['policy'].waits.hold = 0), /policy\.waits\.hold: must be longer than nothing.*found 0/],
  [
    'an expiry before the escalation',
    (c) => (c['policy'].waits.expiry = '1m'),
    /policy\.waits\.escalation: must be shorter than policy\.waits\.expiry/,
  ],
  [
    'a window at no hour',
    (c) => (c['policy'].changeWindow.from = '25:99'),
    /policy\.changeWindow\.from: must be a time of day.*found "25:99"/,
  ],
  [
    'a window on no day',
    (c) => (c['policy'].changeWindow.days = []),
    /policy\.changeWindow\.days: must name at least one day/,
  ],
  [
    'a window of no length',
    (c) => (c['policy'].changeWindow.to = c['policy'].changeWindow.from),
    /policy\.changeWindow\.to: must differ/,
  ],
  [
    'a zone there is not',
    (c) => (c['policy'].changeWindow.timeZone = 'Europe/Berlon'),
    /timeZone: must be an IANA time zone.*found "Europe\/Berlon"/,
  ],
  [
    'a freeze that ends first',
    (c) => (c['policy'].freezes[0].to = '2020-01-01T00:00:00Z'),
    /policy\.freezes\.0\.to: must be after from/,
  ],
  ['an account twice', (c) => c['accounts'].push(c['accounts'][0]), /accounts\.\d+\.accountId: must be named once/],
  [
    'a phase of a region that is not',
    (c) => (c['accounts'][0].phaseByRegion = { 'eu-nowhere-1': 'observe' }),
    /phaseByRegion\.eu-nowhere-1: must be one of its regions/,
  ],
  [
    'a person twice',
    (c) => c['directory'].people.push(c['directory'].people[0]),
    /directory\.people\.\d+\.subject: must be named once/,
  ],
  [
    'a password in the URI of the database',
    (c) => (c['mongodb'].uri = 'mongodb://idlewise:hunter2@db/x'),
    /mongodb\.uri: must hold no password/,
  ],
];
for (const [what, change, said] of CASES)
  test(`${what} is refused with the field and the fix`, () => {
    const problems = problemsWith(change);
    assert.match(problems, said);
    assert.doesNotMatch(problems, /hunter2/, 'no secret is repeated');
  });

test('several unknown keys are told at once', () => {
  const problems = problemsWith((c) => Object.assign(c['policy'], { freezs: [], changeWindw: null }));
  assert.match(problems, /2 problems[\s\S]*freezs[\s\S]*changeWindw/);
});

test('a word that is like none is not guessed at', () => {
  assert.equal(nearest('zzzzzz', ['hold', 'expiry']), null);
  assert.equal(nearest('Freeze', ['freezes', 'hold']), 'freezes');
});
