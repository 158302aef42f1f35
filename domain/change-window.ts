/** A stretch of wall-clock time every week, in a zone of its own. */
export interface WeeklyWindow {
  readonly days: readonly string[];
  /** `HH:MM`, inclusive. */
  readonly from: string;
  /** `HH:MM` up to `24:00`, exclusive; earlier than `from` means it ends on the next day. */
  readonly to: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** When changes may be made: inside all of the windows at once, and in no freeze. */
export interface ChangeTimes {
  /** Each a window that may consist of several stretches; inside one of them is inside. None: any time will do. */
  readonly windows: readonly (readonly WeeklyWindow[])[];
  readonly freezes: readonly { readonly from: string; readonly to: string }[];
}

/** Whether `now` lies in any freeze; the end is exclusive. */
export function inFreeze(freezes: ChangeTimes['freezes'], now: Date): boolean {
  const t = now.getTime();
  return freezes.some((f) => t >= Date.parse(f.from) && t < Date.parse(f.to));
}

/**
 * Whether `now` lies in the weekly change window, judged on the wall clock of the window's own zone, so that daylight
 * saving never moves it. A window across midnight belongs to the day on which it starts.
 */
export function inChangeWindow(window: WeeklyWindow | null, now: Date): boolean {
  if (window === null) return true;
  const local = wallClock(now, window.timeZone);
  const from = minutesOf(window.from);
  const to = minutesOf(window.to);
  if (from < to) return window.days.includes(local.day) && local.minutes >= from && local.minutes < to;
  if (local.minutes >= from) return window.days.includes(local.day);
  return local.minutes < to && window.days.includes(dayBefore(local.day));
}

/** Whether `now` lies in every window. */
export function inAllWindows(windows: ChangeTimes['windows'], now: Date): boolean {
  return windows.every((stretches) => stretches.some((stretch) => inChangeWindow(stretch, now)));
}

const MINUTE = 60_000;

/**
 * The first instant from `from` on at which changes may be made, to the minute; null when there is none within the days. Each
 * minute is asked on the wall clock of every zone, so a change of the clocks moves it as it moves the window.
 */
export function nextOpening(times: ChangeTimes, from: Date, days = 31): Date | null {
  const opens = (at: Date) => !inFreeze(times.freezes, at) && inAllWindows(times.windows, at);
  if (opens(from)) return from;
  const first = Math.ceil(from.getTime() / MINUTE) * MINUTE;
  const end = from.getTime() + days * 1440 * MINUTE;
  for (let t = first; t <= end; t += MINUTE) {
    const at = new Date(t);
    if (opens(at)) return at;
  }
  return null;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** Making one costs more than a thousand questions to it. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function wallClock(now: Date, timeZone: string): { day: string; minutes: number } {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    clocks.set(timeZone, clock);
  }
  const parts = clock.formatToParts(now);
  const get = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  return { day: get('weekday').toLowerCase(), minutes: Number(get('hour')) * 60 + Number(get('minute')) };
}

function dayBefore(day: string): string {
  return DAYS[(DAYS.indexOf(day) + 6) % 7] as string;
}

function minutesOf(text: string): number {
  const [h, m] = text.split(':');
  return Number(h) * 60 + Number(m);
}
