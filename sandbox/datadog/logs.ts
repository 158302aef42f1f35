import type { Body, Verdict } from './intake.ts';
import type { Received } from './received.ts';

const MAX_BYTES = 5_000_000;
const MAX_ITEMS = 1000;
const MAX_LOG_BYTES = 1_000_000;
const OLDEST_MS = 18 * 3_600_000;

export interface LogIntake {
  readonly received: Received;
  readonly dislikes: readonly { readonly text: string; readonly status: 400 | 403 }[];
  readonly now: number;
}

/** Too many or too much is refused; a log that is too long is cut, and one that is too old is dropped, both after a yes. */
export function takeLogs({ json, bytes }: Body, { received, dislikes, now }: LogIntake): Verdict {
  const items = Array.isArray(json) ? json : [json];
  if (bytes > MAX_BYTES || items.length > MAX_ITEMS)
    return { status: 413, error: `${items.length} logs of ${bytes} bytes are too much for one request` };
  if (items.some((item) => typeof item !== 'object' || item === null || typeof item.message !== 'string'))
    return { status: 400, error: 'a log has no message' };
  const disliked = dislikes.find(({ text }) => JSON.stringify(json).includes(text));
  if (disliked) return { status: disliked.status, error: 'a log holds what is not wanted here' };
  for (const item of items as Record<string, unknown>[]) {
    const time = timeOf(item);
    if (time !== null && now - time > OLDEST_MS)
      received.dropped.push({ kind: 'log', why: 'older than 18 hours', item });
    else {
      const truncated = Buffer.byteLength(JSON.stringify(item)) > MAX_LOG_BYTES;
      const message = String(item['message']).slice(0, truncated ? MAX_LOG_BYTES : undefined);
      received.logs.push({ ...item, message, filedAt: time ?? now, truncated });
    }
  }
  return { status: 202 };
}

function timeOf(item: Record<string, unknown>): number | null {
  const stated = item['timestamp'] ?? item['date'];
  if (typeof stated === 'number') return stated;
  const parsed = typeof stated === 'string' ? Date.parse(stated) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}
