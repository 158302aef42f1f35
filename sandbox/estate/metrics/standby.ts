import { noise } from '../random.ts';
import { between, type LoadShape, MB } from './shape.ts';

/** Replication trickle: CPU looks idle, and some megabytes an hour come in. */
export const replicating: LoadShape = {
  cpu: (key, hour) => between(noise(key, hour), 1, 3.5),
  bytes: (key, hour) => between(noise(key, hour, 1), 0.8, 3) * MB,
};
