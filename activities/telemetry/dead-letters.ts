import { digestOf } from '../../schemas/digest.ts';
import type { Channel, DeadLetter, DeadLetterKind, Range } from '../../ports/trail.ts';
import type { Why } from './deliver.ts';
import { sizeOf } from './ranges.ts';

const MINUTE = 60_000;
/**
 * First wait before a parked batch is tried again, and the longest. A key is mended sooner than a record, and a refused batch has
 * to be due when its channel may go on: it is what finds out whether the key is good again.
 */
const WAITS: Record<DeadLetterKind, readonly [number, number]> = {
  refused: [MINUTE / 2, 15 * MINUTE],
  failing: [60 * MINUTE, 24 * 60 * MINUTE],
  rejected: [60 * MINUTE, 24 * 60 * MINUTE],
  'too-large': [60 * MINUTE, 24 * 60 * MINUTE],
  malformed: [60 * MINUTE, 24 * 60 * MINUTE],
  'partly-dropped': [0, 0],
};
/** OTLP forbids sending again what was partly accepted: only a person can release it. */
const BY_HAND = '9999-12-31T23:59:59.999Z';

export interface Parked {
  readonly vendor: string;
  readonly channel: Channel;
  readonly ranges: readonly Range[];
  readonly why: Why;
  readonly now: Date;
  /** Set when it was parked before. */
  readonly earlier?: DeadLetter;
}

export function deadLetterOf({ vendor, channel, ranges, why, now, earlier }: Parked): DeadLetter {
  const attempts = (earlier?.attempts ?? 0) + 1;
  const [first, longest] = WAITS[why.kind];
  const wait = Math.min(longest, first * 2 ** Math.min(attempts - 1, 20));
  return {
    id: digestOf([vendor, channel, ranges]),
    vendor,
    channel,
    ranges,
    events: sizeOf(ranges),
    kind: why.kind,
    reason: why.reason,
    status: why.status,
    firstAt: earlier?.firstAt ?? now.toISOString(),
    attempts,
    nextAttemptAt: why.kind === 'partly-dropped' ? BY_HAND : new Date(now.getTime() + wait).toISOString(),
  };
}
