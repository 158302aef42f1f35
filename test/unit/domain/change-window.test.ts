import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inChangeWindow, inFreeze, type WeeklyWindow } from '../../../domain/change-window.ts';

const at = (iso: string) => new Date(iso);
const berlin = (over: Partial<WeeklyWindow> = {}): WeeklyWindow => ({
  days: ['sat'],
  from: '22:00',
  to: '04:00',
  timeZone: 'Europe/Berlin',
  ...over,
});

/** Each row: instant (UTC), inside?, why. */
function check(window: WeeklyWindow, rows: readonly (readonly [string, boolean, string])[]): void {
  for (const [iso, inside, why] of rows) assert.equal(inChangeWindow(window, at(iso)), inside, `${iso}: ${why}`);
}

test('without a window any time will do', () => {
  assert.equal(inChangeWindow(null, at('2026-03-02T09:00:00Z')), true);
});

test('a window within a day: first minute in, last minute out', () => {
  check(berlin({ days: ['mon', 'tue'], from: '09:00', to: '17:00' }), [
    ['2026-03-02T07:59:59Z', false, 'Monday 08:59'],
    ['2026-03-02T08:00:00Z', true, 'Monday 09:00'],
    ['2026-03-02T15:59:59Z', true, 'Monday 16:59'],
    ['2026-03-02T16:00:00Z', false, 'Monday 17:00'],
    ['2026-03-04T10:00:00Z', false, 'Wednesday'],
  ]);
});

test('a window across midnight belongs to the day on which it starts', () => {
  check(berlin(), [
    ['2026-03-07T20:59:59Z', false, 'Saturday 21:59'],
    ['2026-03-07T21:00:00Z', true, 'Saturday 22:00'],
    ['2026-03-07T23:30:00Z', true, 'Sunday 00:30'],
    ['2026-03-08T02:59:59Z', true, 'Sunday 03:59'],
    ['2026-03-08T03:00:00Z', false, 'Sunday 04:00'],
    ['2026-03-06T23:30:00Z', false, 'Saturday 00:30 belongs to Friday'],
    ['2026-03-08T21:30:00Z', false, 'Sunday 22:30'],
  ]);
});

test('the wall clock decides when the clocks go forward', () => {
  check(berlin(), [
    ['2026-03-28T20:30:00Z', false, 'Saturday 21:30, still winter time'],
    ['2026-03-28T21:00:00Z', true, 'Saturday 22:00'],
    ['2026-03-29T01:30:00Z', true, 'Sunday 03:30, summer time'],
    ['2026-03-29T02:00:00Z', false, 'Sunday 04:00, summer time: an hour earlier in UTC than a week ago'],
  ]);
  check(berlin({ days: ['sun'], from: '02:00', to: '03:00' }), [
    ['2026-03-29T00:59:59Z', false, '01:59'],
    ['2026-03-29T01:00:00Z', false, '03:00: the hour of the window does not exist on that day'],
  ]);
});

test('the wall clock decides when the clocks go back: the hour that comes twice is open twice', () => {
  check(berlin({ days: ['sun'], from: '02:00', to: '03:00' }), [
    ['2026-10-24T23:59:59Z', false, '01:59 summer time'],
    ['2026-10-25T00:30:00Z', true, '02:30 summer time'],
    ['2026-10-25T01:30:00Z', true, '02:30 winter time'],
    ['2026-10-25T02:00:00Z', false, '03:00'],
  ]);
});

test('the day is the day of the zone, not of UTC', () => {
  check(berlin({ days: ['mon'], from: '00:00', to: '06:00', timeZone: 'Pacific/Auckland' }), [
    ['2026-03-01T11:30:00Z', true, 'Monday 00:30 in Auckland is Sunday in UTC'],
    ['2026-03-02T11:30:00Z', false, 'Tuesday 00:30 in Auckland'],
  ]);
  check(berlin({ days: ['mon'], from: '09:00', to: '10:00', timeZone: 'Asia/Kolkata' }), [
    ['2026-03-02T03:30:00Z', true, '09:00, half an hour beside the hour'],
    ['2026-03-02T04:30:00Z', false, '10:00'],
  ]);
});

test('a window from a time to the same time is the whole day that starts then', () => {
  check(berlin({ days: ['sat'], from: '06:00', to: '06:00', timeZone: 'UTC' }), [
    ['2026-03-07T05:59:00Z', false, 'before'],
    ['2026-03-07T06:00:00Z', true, 'begins'],
    ['2026-03-08T05:59:00Z', true, 'still'],
    ['2026-03-08T06:00:00Z', false, 'over'],
  ]);
});

test('a zone nobody knows is an error, never an open window', () => {
  assert.throws(() => inChangeWindow(berlin({ timeZone: 'Mars/Olympus' }), at('2026-03-07T22:00:00Z')), RangeError);
});

test('a freeze includes its first instant, not its last, and offsets are understood', () => {
  const freezes = [{ from: '2026-12-23T00:00:00+01:00', to: '2026-12-27T00:00:00+01:00' }];
  assert.equal(inFreeze(freezes, at('2026-12-22T22:59:59.999Z')), false);
  assert.equal(inFreeze(freezes, at('2026-12-22T23:00:00Z')), true);
  assert.equal(inFreeze(freezes, at('2026-12-26T22:59:59.999Z')), true);
  assert.equal(inFreeze(freezes, at('2026-12-26T23:00:00Z')), false);
  assert.equal(inFreeze([], at('2026-12-24T00:00:00Z')), false);
});
