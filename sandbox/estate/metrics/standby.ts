import { between, MB, type LoadShape } from './shape.ts';

/** Replication trickle: CPU looks idle, and some megabytes an hour come in. */
export const replicating: LoadShape = {
  cpu: (key, hour) => between(key, hour, 1, 3.5),
  bytes: (key, hour) => between(key, hour, 0.8, 3, 1) * MB,
};
