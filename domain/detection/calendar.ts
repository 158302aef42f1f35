/** UTC calendar arithmetic on whole days since 1970-01-01, without Date: no zone, no daylight saving, no allocation. */

export const DAY_SECONDS = 86_400;

export function dayOf(epochSeconds: number): number {
  return Math.floor(epochSeconds / DAY_SECONDS);
}

/** Day of the month (1–31) and the number of days that month has. Proleptic Gregorian, leap years included. */
export function dayInMonth(day: number): { dayOfMonth: number; monthLength: number } {
  // Days-to-civil over 400-year eras that start on 1 March, so that the leap day comes last.
  const z = day + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const dayOfMonth = doy - Math.floor((153 * mp + 2) / 5) + 1;
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  return { dayOfMonth, monthLength: monthLength(year, month) };
}

function monthLength(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Among the first or last `edge` days of its month. */
export function isMonthEdge(day: number, edge: number): boolean {
  const { dayOfMonth, monthLength: length } = dayInMonth(day);
  return dayOfMonth <= edge || dayOfMonth > length - edge;
}

/** Does the window hold the last whole day of a month and the first whole day of the next? */
export function seesMonthTurn(startEpoch: number, endEpoch: number): boolean {
  const first = Math.ceil(startEpoch / DAY_SECONDS);
  const lastExclusive = dayOf(endEpoch);
  // The latest first-of-month that is wholly inside the window.
  const turn = lastExclusive - 1 - (dayInMonth(lastExclusive - 1).dayOfMonth - 1);
  return turn - 1 >= first && turn + 1 <= lastExclusive;
}
