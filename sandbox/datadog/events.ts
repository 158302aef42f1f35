import { z } from 'zod';
import type { Body, Verdict } from './intake.ts';
import type { Received } from './received.ts';

const OLDEST_S = 18 * 3600;

const EventBody = z.looseObject({
  title: z.string().min(1),
  text: z.string().max(4000),
  alert_type: z.enum(['error', 'warning', 'info', 'success', 'user_update', 'recommendation', 'snapshot']).optional(),
  priority: z.enum(['normal', 'low']).optional(),
  date_happened: z.number().int().optional(),
  aggregation_key: z.string().max(100).optional(),
  tags: z.array(z.string()).optional(),
  host: z.string().optional(),
  device_name: z.string().optional(),
});

/** v1 events. What claims to be older than 18 hours is refused. */
export function takeEvent({ json }: Body, { received, now }: { received: Received; now: number }): Verdict {
  const parsed = EventBody.safeParse(json);
  if (!parsed.success) return { status: 400, error: z.prettifyError(parsed.error) };
  const { title, text, tags = [], priority = 'normal', host = null, device_name = null } = parsed.data;
  const happened = parsed.data.date_happened ?? Math.floor(now / 1000);
  if (now / 1000 - happened > OLDEST_S) return { status: 400, error: 'date_happened is older than 18 hours' };
  const id = 6_000_000_000 + received.events.push(parsed.data);
  const event = {
    id,
    id_str: String(id),
    title,
    text,
    date_happened: happened,
    host,
    device_name,
    priority,
    tags,
    url: `https://app.datadoghq.com/event/event?id=${id}`,
  };
  return { status: 202, body: { status: 'ok', event } };
}
