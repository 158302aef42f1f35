import { noise } from '../random.ts';
import { between, type LoadShape } from './shape.ts';

/** Agents and heartbeats only: CPU peaks below 3 %, both directions together below 5 MB a day. */
export const idle: LoadShape = {
  cpu: (key, hour) => between(noise(key, hour), 0.4, 2.6),
  bytes: (key, hour) => between(noise(key, hour, 1), 15_000, 80_000),
};
