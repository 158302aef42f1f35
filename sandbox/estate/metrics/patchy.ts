import { noise } from '../random.ts';
import { idle } from './idle.ts';
import type { LoadShape } from './shape.ts';

/**
 * Looks idle where it reports, and about half of it is missing. The outages last almost three days, so that daily
 * periods show the gap too, however they are aligned.
 */
export const patchy: LoadShape = {
  cpu: (key, hour) => (missing(key, hour) ? null : idle.cpu(key, hour)),
  bytes: (key, hour) => (missing(key, hour) ? null : idle.bytes(key, hour)),
};

const OUTAGE_HOURS = 65;

function missing(key: number, hour: number): boolean {
  const outage = Math.floor((hour + (key % OUTAGE_HOURS)) / OUTAGE_HOURS) % 2 === 0;
  return outage || noise(key, hour, 6) < 0.1;
}
