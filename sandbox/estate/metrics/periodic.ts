import { idle } from './idle.ts';
import { type LoadShape, weekday } from './shape.ts';
import { steady } from './steady.ts';

/** Busy on one weekday, idle on the six others. */
export const weekly: LoadShape = during((key, hour) => weekday(hour) === key % 7);

/**
 * Busy on the last two and the first two days of a month. At most 27 days lie between, so 30 days of history always
 * show it and 7 or 14 days often do not.
 */
export const monthEnd: LoadShape = during((_key, hour) => isMonthEnd(hour));

function isMonthEnd(hour: number): boolean {
  const day = dayOfMonth(hour);
  return day <= 2 || dayOfMonth(hour + 48) <= 2;
}

const dayOfMonth = (hour: number): number => new Date(hour * 3_600_000).getUTCDate();

function during(busy: (key: number, hour: number) => boolean): LoadShape {
  return {
    cpu: (key, hour) => (busy(key, hour) ? steady : idle).cpu(key, hour),
    bytes: (key, hour) => (busy(key, hour) ? steady : idle).bytes(key, hour),
  };
}
