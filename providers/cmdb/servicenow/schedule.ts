import { isProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { ServiceNowClient } from '../../servicenow/client.ts';
import { plainValue } from '../../servicenow/fields.ts';
import type { TableQuery, TableRow } from '../../servicenow/query.ts';
import { readAllRows } from '../../servicenow/table.ts';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** No zone is further ahead of UTC than this. */
const FURTHEST = 14 * HOUR;

/** The digits of `days_of_week` count from Monday, 1, to Sunday, 7. */
const REPEATS: Readonly<Record<string, string>> = {
  daily: '1234567',
  weekdays: '12345',
  weekends: '67',
  weekMWF: '135',
  weekTT: '24',
};

export const SCHEDULE_TABLES = ['cmn_schedule_span', 'cmn_other_schedule'] as const;

const SPAN_FIELDS = [
  'name',
  'type',
  'show_as',
  'start_date_time',
  'end_date_time',
  'repeat_type',
  'repeat_count',
  'repeat_until',
  'days_of_week',
];

/** The weekly hours of a schedule, as `domain/maintenance-window.ts` reads them, or why they are none; null: no entries. */
export type Hours = { readonly text: string } | { readonly doubt: string } | null;

/**
 * The entries of each schedule, by its sys_id. Only what comes back every week in the schedule's own zone is said; exclusions,
 * child schedules, months, ends and anything else that is not understood is a doubt, and a doubt opens no window.
 * After ServiceNow's "Schedule entry fields" and the columns of `cmn_schedule_span` and `cmn_other_schedule`.
 */
export async function readHours(
  client: ServiceNowClient,
  scheduleIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, Hours>> {
  const where = [{ field: 'schedule', in: scheduleIds }];
  const [spans, children] = await Promise.all([
    entries(client, { table: 'cmn_schedule_span', fields: SPAN_FIELDS, where }),
    entries(client, { table: 'cmn_other_schedule', fields: ['child_schedule', 'type'], where }),
  ]);
  const of = (rows: readonly TableRow[], id: string) => rows.filter((row) => plainValue(row.schedule) === id);
  return new Map(
    scheduleIds.map((id): [string, Hours] => {
      if (typeof spans === 'string') return [id, { doubt: spans }];
      if (typeof children === 'string') return [id, { doubt: children }];
      if (of(children, id).length > 0) return [id, { doubt: 'it has child schedules' }];
      return [id, hoursOf(of(spans, id), now)];
    }),
  );
}

/** The rows, or why they are not all there: one that is withheld may be the one that closes the window. */
async function entries(client: ServiceNowClient, query: TableQuery): Promise<readonly TableRow[] | string> {
  try {
    const { rows, hidden } = await readAllRows(client, query);
    return hidden === 0 ? rows : `${hidden} rows of ${query.table} are withheld by an ACL`;
  } catch (error) {
    if (!isProviderError(error, ProviderErrorKind.Unauthorised)) throw error;
    return `the integration account may not read ${query.table}`;
  }
}

function hoursOf(spans: readonly TableRow[], now: Date): Hours {
  if (spans.length === 0) return null;
  const read = spans.map((span) => ({ name: plainValue(span.name) || 'without a name', ...hoursOfSpan(span, now) }));
  const doubt = read.find((span) => 'doubt' in span);
  if (doubt && 'doubt' in doubt) return { doubt: `entry "${doubt.name}": ${doubt.doubt}` };
  return { text: read.map((span) => ('text' in span ? span.text : '')).join('; ') };
}

function hoursOfSpan(span: TableRow, now: Date): NonNullable<Hours> {
  const cell = (name: string): string => plainValue(span[name]) ?? '';
  const hidden = SPAN_FIELDS.find((name) => plainValue(span[name]) === undefined);
  if (hidden !== undefined) return { doubt: `column ${hidden} is not shown to the integration account` };
  const among = (name: string, ...good: readonly string[]) => good.includes(cell(name));
  if (!among('type', '', 'maintenance')) return { doubt: `type is ${cell('type')}` };
  if (!among('show_as', '', 'busy')) return { doubt: `show_as is ${cell('show_as')}` };
  if (!among('repeat_count', '', '1')) return { doubt: `repeat_count is ${cell('repeat_count')}` };
  if (!among('repeat_until', '', '0')) return { doubt: `it ends, repeat_until is ${cell('repeat_until')}` };
  const repeat = cell('repeat_type');
  const digits = repeat === 'weekly' ? cell('days_of_week') : REPEATS[repeat];
  if (digits === undefined) return { doubt: `repeat_type is ${repeat || 'empty'}, not every week` };
  if (!/^[1-7]+$/.test(digits)) return { doubt: `days_of_week is ${digits || 'empty'}` };

  const [start, end] = [momentOf(cell('start_date_time')), momentOf(cell('end_date_time'))];
  if (start === null || end === null)
    return { doubt: `start_date_time or end_date_time is no local time: ${cell('start_date_time')}` };
  if (start + FURTHEST > now.getTime())
    return { doubt: `it has not begun, start_date_time ${cell('start_date_time')}` };
  const days = [...digits].map((digit) => Number(digit) - 1);
  return stretch(days, start, end);
}

function stretch(days: readonly number[], start: number, end: number): NonNullable<Hours> {
  const length = end - start;
  const [from, to] = [clockOf(start), clockOf(end)];
  const names = days.map((day) => DAYS[day]).join(', ');
  if (length <= 0) return { doubt: 'it ends before it begins' };
  if (length === DAY && from === '00:00') return { text: `${names} 00:00-24:00` };
  if (length < DAY) return { text: `${names} ${from}-${to === '00:00' ? '24:00' : to}` };
  const [day, ...more] = days;
  if (day === undefined || more.length > 0 || length >= 6 * DAY) return { doubt: 'it lasts longer than a day' };
  const nights = Math.floor(end / DAY) - Math.floor(start / DAY);
  return { text: `${DAYS[day]} ${from}-${DAYS[(day + nights) % 7]} ${to}` };
}

const LOCAL = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/;

/**
 * `20260103T220000` is local to the schedule. With a `Z` the instance converted it, and the hour would move with the clocks, so
 * it is not read. A day's last second is the end of the day: that is how "all day" is stored.
 * @returns milliseconds as if the zone were UTC; null when it is no such time
 */
function momentOf(text: string): number | null {
  const parts = LOCAL.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(at)) return null;
  return second === '59' && minute === '59' ? at + 1000 : at;
}

function clockOf(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}
