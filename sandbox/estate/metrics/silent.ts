import { noise } from '../random.ts';
import type { LoadShape } from './shape.ts';

/** No datapoints at all: no agent, stopped, or detached. */
export const absent: LoadShape = { cpu: () => null, bytes: () => null };

/** Reports, and reports nothing done: a load balancer without targets. */
export const silent: LoadShape = { cpu: () => 0, bytes: () => 0 };

/** A stray request now and then, about two a day: scanners that try every public address. */
export const strayRequests: LoadShape = {
  cpu: () => 0,
  bytes: (key, hour) => (noise(key, hour, 9) < 0.08 ? 6_000 : 0),
};
