import type { Activity } from './elements.ts';
import { teamsError } from './errors.ts';

/** Teams takes about 28 KB for a message. The rest is for what comes in later: who has agreed, or what was decided. */
export const MOST_BYTES = 24_000;

const SCALES = [1, 0.6, 0.35, 0.2, 0.1, 0.05];

/**
 * The message with as much foreign text as fits. `build` cuts every text it takes from others to its own limit times the
 * given scale; identifiers and buttons are never cut.
 * @throws ProviderError `terminal` when even the shortest is too large
 */
export function fitted<T>(build: (scale: number) => T, activityOf: (built: T) => Activity): T {
  for (const scale of SCALES) {
    const built = build(scale);
    if (Buffer.byteLength(JSON.stringify(activityOf(built))) <= MOST_BYTES) return built;
  }
  throw teamsError('terminal', 'card', {
    message: `the message is larger than ${MOST_BYTES} bytes however short its texts`,
  });
}

/** A limit under a scale; never so short that nothing can be recognised. */
export const scaled = (limit: number, scale: number): number =>
  Math.max(Math.min(limit, 16), Math.round(limit * scale));
