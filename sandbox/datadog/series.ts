import { z } from 'zod';
import type { Body, Verdict } from './intake.ts';
import type { Received } from './received.ts';

const Payload = z.object({
  series: z.array(
    z.object({
      metric: z.string().regex(/^[A-Za-z][A-Za-z0-9_.]{0,199}$/),
      type: z.number().int().min(0).max(3).default(0),
      points: z.array(z.object({ timestamp: z.number().int(), value: z.number() })).min(1),
      tags: z.array(z.string()).default([]),
    }),
  ),
});

const MAX_COMPRESSED = 512_000;
const MAX_BYTES = 5_242_880;
const AHEAD_S = 600;
const BACK_S = 3600;

/** Points outside the hour before and the ten minutes after now are dropped after a yes. */
export function takeSeries(
  { json, bytes, compressedBytes }: Body,
  { received, now }: { received: Received; now: number },
): Verdict {
  if (compressedBytes > MAX_COMPRESSED || bytes > MAX_BYTES) return { status: 413, error: 'Payload too big' };
  const payload = Payload.safeParse(json);
  if (!payload.success) return { status: 400, error: z.prettifyError(payload.error) };
  for (const { metric, type, points, tags } of payload.data.series)
    for (const { timestamp, value } of points) {
      const point = { metric, type, tags, timestamp, value };
      const age = now / 1000 - timestamp;
      if (age > BACK_S || age < -AHEAD_S)
        received.dropped.push({ kind: 'point', why: 'outside the window', item: point });
      else received.point(point);
    }
  return { status: 202, body: { errors: [] } };
}
