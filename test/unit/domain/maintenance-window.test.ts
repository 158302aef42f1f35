import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAllWindows, nextOpening, type WeeklyWindow } from '../../../domain/change-window.ts';
import { readMaintenanceWindow } from '../../../domain/maintenance-window.ts';

const WORK = ['mon', 'tue', 'wed', 'thu', 'fri'];
const rows: readonly (readonly [string, readonly Omit<WeeklyWindow, 'timeZone'>[], string])[] = [
  [
    'Sat 22:00–Sun 04:00 UTC',
    [
      { days: ['sat'], from: '22:00', to: '24:00' },
      { days: ['sun'], from: '00:00', to: '04:00' },
    ],
    'UTC',
  ],
  [
    'Fri 20:00 - Mon 06:00 America/New_York',
    [
      { days: ['fri'], from: '20:00', to: '24:00' },
      { days: ['sat', 'sun'], from: '00:00', to: '24:00' },
      { days: ['mon'], from: '00:00', to: '06:00' },
    ],
    'America/New_York',
  ],
  ['Mon-Fri 09:00-17:00 Europe/Berlin', [{ days: WORK, from: '09:00', to: '17:00' }], 'Europe/Berlin'],
  ['saturday, Sunday 1:00—5:30 UTC', [{ days: ['sat', 'sun'], from: '01:00', to: '05:30' }], 'UTC'],
  ['Sat-Mon 22:00-02:00 UTC', [{ days: ['sat', 'sun', 'mon'], from: '22:00', to: '02:00' }], 'UTC'],
  ['Daily 00:00-24:00 UTC', [{ days: [...WORK, 'sat', 'sun'], from: '00:00', to: '24:00' }], 'UTC'],
  [
    'Sat 22:00-23:00 UTC; Mon, Wed 01:00-02:00 UTC',
    [
      { days: ['sat'], from: '22:00', to: '23:00' },
      { days: ['mon', 'wed'], from: '01:00', to: '02:00' },
    ],
    'UTC',
  ],
  ['Sat 22:00-Sun 00:00 UTC', [{ days: ['sat'], from: '22:00', to: '24:00' }], 'UTC'],
];
for (const [text, stretches, timeZone] of rows)
  test(`"${text}" is read`, () =>
    assert.deepEqual(
      readMaintenanceWindow(text),
      stretches.map((s) => ({ ...s, timeZone })),
    ));

test('a text that names no zone is read in the zone of its schedule', () => {
  const [window] = readMaintenanceWindow('Sat 22:00-23:00', 'Asia/Tokyo') as readonly WeeklyWindow[];
  assert.equal(window?.timeZone, 'Asia/Tokyo');
  const [own] = readMaintenanceWindow('Sat 22:00-23:00 UTC', 'Asia/Tokyo') as readonly WeeklyWindow[];
  assert.equal(own?.timeZone, 'UTC', 'its own word counts');
});

for (const text of [
  'Prod weekend maintenance',
  'first Sunday of the month 02:00-04:00 UTC',
  'Sat 22:00-23:00',
  'Sat 22:00-23:00 UTC; whenever it suits',
  'Sat 22:00-23:00 UTC;',
  'Sat 22:00-23:00 Mars/Olympus',
  'Sat 22:00-22:00 UTC',
  'Sat 25:00-26:00 UTC',
  'Sat 23:00–Sat 22:00 UTC',
  'Sat 22:00–Sun 04:00 UTC / Mon 01:00–Mon 02:00 UTC',
])
  test(`"${text}" cannot be read, and is never taken for open`, () =>
    assert.equal(readMaintenanceWindow(text), 'unreadable'));

test('none stated is none', () => {
  for (const text of [null, '', '  ']) assert.equal(readMaintenanceWindow(text), null);
});

const read = (text: string) => readMaintenanceWindow(text) as readonly WeeklyWindow[];
const next = (windows: readonly string[], from: string, freezes: { from: string; to: string }[] = []) =>
  nextOpening({ windows: windows.map(read), freezes }, new Date(from))?.toISOString() ?? null;

test('the next opening is inside all windows, each on its own clock', () => {
  // Tokyo is nine hours ahead: its Tuesday 08:00 is Monday 23:00 UTC.
  const both = ['Mon-Fri 09:00-17:00 Europe/Berlin', 'Tue 08:00-18:00 Asia/Tokyo'];
  assert.equal(next(both, '2026-03-02T09:00:00.000Z'), '2026-03-03T08:00:00.000Z');
  assert.ok(!inAllWindows(both.map(read), new Date('2026-03-03T09:00:00.000Z')), 'Tokyo has gone home');
  assert.equal(next(['Mon 09:00-10:00 UTC', 'Tue 09:00-10:00 UTC'], '2026-03-02T09:00:00.000Z'), null);
  assert.equal(next([], '2026-03-02T09:13:07.000Z'), '2026-03-02T09:13:07.000Z', 'no window: at once');
});

test('no opening lies in a freeze', () => {
  const freezes = [{ from: '2026-03-02T00:00:00Z', to: '2026-03-04T10:30:00Z' }];
  assert.equal(next(['Mon-Fri 09:00-17:00 UTC'], '2026-03-02T09:00:00.000Z', freezes), '2026-03-04T10:30:00.000Z');
});

for (const [what, window, from, opens] of [
  [
    'after the clocks went forward',
    'Sun 09:00-10:00 Europe/Berlin',
    '2026-03-28T12:00:00Z',
    '2026-03-29T07:00:00.000Z',
  ],
  ['before they do', 'Sun 09:00-10:00 Europe/Berlin', '2026-03-21T12:00:00Z', '2026-03-22T08:00:00.000Z'],
  ['after they went back', 'Sun 09:00-10:00 Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T08:00:00.000Z'],
  [
    'the hour that does not exist: a week later',
    'Sun 02:00-03:00 Europe/Berlin',
    '2026-03-28T12:00:00Z',
    '2026-04-05T00:00:00.000Z',
  ],
  [
    'the hour that comes twice: its first',
    'Sun 02:00-03:00 Europe/Berlin',
    '2026-10-24T12:00:00Z',
    '2026-10-25T00:00:00.000Z',
  ],
  ['on 29 February', 'Tue 23:30-23:45 UTC', '2028-02-29T00:00:00Z', '2028-02-29T23:30:00.000Z'],
  [
    'across the turn of the year',
    'Fri 00:00-01:00 America/New_York',
    '2026-12-31T23:30:00Z',
    '2027-01-01T05:00:00.000Z',
  ],
  ['a zone with a half hour', 'Mon 09:00-10:00 Asia/Kolkata', '2026-03-02T00:00:00Z', '2026-03-02T03:30:00.000Z'],
] as const)
  test(`the next opening ${what}`, () => assert.equal(next([window], from), opens));
