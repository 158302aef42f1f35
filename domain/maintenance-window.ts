import type { WeeklyWindow } from './change-window.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const LONG: Readonly<Record<string, number>> = Object.fromEntries(DAYS.map((day, i) => [day, i]));
const DAY = '(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*';
const TIME = '(?:[01]?\\d|2[0-4]):[0-5]\\d';

// `Sat 22:00–Sun 04:00 UTC`: one stretch, from a day to the same or a later one.
const STRETCH = new RegExp(`^(${DAY}) (${TIME}) ?- ?(${DAY}) (${TIME})(?: (\\S+))?$`);
// `Mon-Fri 09:00-17:00 Europe/Berlin`, `Sat, Sun 01:00-05:00`, `daily 22:00-04:00`: the same hours on several days.
const HOURS = new RegExp(
  `^(daily|every day|${DAY}(?:(?: ?- ?| ?, ?| and )${DAY})*) (${TIME}) ?- ?(${TIME})(?: (\\S+))?$`,
);

/**
 * The maintenance window of a configuration item, as people write it, in stretches of at most a day. Null when there is none.
 * What cannot be read, names no zone, or a zone nobody knows, is `unreadable`: then nobody knows when the asset may be changed.
 * @param text e.g. `Sat 22:00–Sun 04:00 UTC`; several after one another with a semicolon
 * @param timeZone of the schedule, for texts that name none
 */
export function readMaintenanceWindow(
  text: string | null,
  timeZone: string | null = null,
): readonly WeeklyWindow[] | 'unreadable' | null {
  const plain =
    text
      ?.normalize('NFKC')
      .replace(/[‐-―−]/g, '-')
      .replace(/\s+/g, ' ')
      .trim() ?? '';
  if (plain === '') return null;
  const read = plain.split(/ ?; ?/).map((part) => readPart(part, timeZone));
  return read.includes('unreadable') ? 'unreadable' : read.flatMap((part) => (part === 'unreadable' ? [] : part));
}

function readPart(plain: string, timeZone: string | null): readonly WeeklyWindow[] | 'unreadable' {
  const lower = plain.toLowerCase();
  const stretch = STRETCH.exec(lower);
  const hours = stretch ? null : HOURS.exec(lower);
  const named = (stretch ?? hours)?.at(-1) === undefined ? timeZone : plain.slice(plain.lastIndexOf(' ') + 1);
  const zone = named === null ? null : zoneOf(named);
  if (zone === null) return 'unreadable';
  if (stretch) {
    const [, first = '', from = '', last = '', to = ''] = stretch;
    return stretches({ first: dayOf(first), from, last: dayOf(last), to, zone });
  }
  if (!hours) return 'unreadable';
  const [, days = '', from = '', to = ''] = hours;
  if (padded(from) === padded(to)) return 'unreadable';
  return [{ days: daysOf(days), from: padded(from), to: padded(to), timeZone: zone }];
}

function stretches(s: {
  first: number;
  from: string;
  last: number;
  to: string;
  zone: string;
}): readonly WeeklyWindow[] | 'unreadable' {
  const { zone: timeZone } = s;
  const [from, to] = [padded(s.from), padded(s.to)];
  const span = (s.last - s.first + 7) % 7;
  const name = (day: number) => DAYS[day % 7] as string;
  if (span === 0 && from >= to) return 'unreadable';
  if (span === 0) return [{ days: [name(s.first)], from, to, timeZone }];
  const whole = Array.from({ length: span - 1 }, (_, i) => name(s.first + 1 + i));
  return [
    { days: [name(s.first)], from, to: '24:00', timeZone },
    ...(whole.length > 0 ? [{ days: whole, from: '00:00', to: '24:00', timeZone }] : []),
    ...(to === '00:00' ? [] : [{ days: [name(s.last)], from: '00:00', to, timeZone }]),
  ];
}

function daysOf(text: string): string[] {
  if (text === 'daily' || text === 'every day') return [...DAYS];
  return text.split(/ ?, ?| and /).flatMap((part) => {
    const [from = '', to = from] = part.split(/ ?- ?/);
    const length = (dayOf(to) - dayOf(from) + 7) % 7;
    return Array.from({ length: length + 1 }, (_, i) => DAYS[(dayOf(from) + i) % 7] as string);
  });
}

const dayOf = (text: string): number => LONG[text.slice(0, 3)] ?? 0;
const padded = (time: string): string => time.padStart(5, '0');

/** Only what the runtime's own zone table knows. */
function zoneOf(name: string): string | null {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name === 'Z' ? 'UTC' : name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
