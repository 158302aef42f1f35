/** Whether `now` lies in any freeze; the end is exclusive. */
export function inFreeze(freezes: readonly { from: string; to: string }[], now: Date): boolean {
  const t = now.getTime();
  return freezes.some((f) => t >= Date.parse(f.from) && t < Date.parse(f.to));
}

export interface WeeklyWindow {
  readonly days: readonly string[];
  /** `HH:MM`, inclusive. */
  readonly from: string;
  /** `HH:MM`, exclusive; earlier than `from` means it ends on the next day. */
  readonly to: string;
  readonly timeZone: string;
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

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function wallClock(now: Date, timeZone: string): { day: string; minutes: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
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
