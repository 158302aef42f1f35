import { z } from 'zod';
import { canonicalJson } from '../../schemas/digest.ts';
import { CheckpointShape } from '../../providers/store/audit/checkpoint.ts';
import { EXPORT_FORMAT, EXPORT_VERSION } from '../../providers/store/audit/format.ts';
import { AuditEvent } from '../../schemas/audit.ts';

const Header = z.strictObject({
  kind: z.literal('header'),
  format: z.literal(EXPORT_FORMAT),
  version: z.literal(EXPORT_VERSION),
  exportedAt: z.string(),
  publicKey: z.string(),
  key: z.string(),
});
const CheckpointLine = z.strictObject({ kind: z.literal('checkpoint'), checkpoint: CheckpointShape });
const EventLine = z.strictObject({
  kind: z.literal('event'),
  event: AuditEvent.strict(),
  payload: z.strictObject({ salt: z.string(), body: z.unknown() }).nullable(),
});
const Footer = z.strictObject({
  kind: z.literal('footer'),
  format: z.literal(EXPORT_FORMAT),
  counts: z.strictObject({ checkpoints: z.number(), events: z.number(), payloads: z.number() }),
  digest: z.string(),
  signature: z.string(),
});

export type Header = z.infer<typeof Header>;
export type EventLine = z.infer<typeof EventLine>;
export type Footer = z.infer<typeof Footer>;
export type ExportLine = z.infer<typeof ExportLine>;
const ExportLine = z.discriminatedUnion('kind', [Header, CheckpointLine, EventLine, Footer]);

export type ReadLine =
  | { readonly ok: true; readonly line: ExportLine }
  | { readonly ok: false; readonly explanation: string; readonly stream: string | null; readonly seq: number | null };

/** Reads one line; anything but the canonical form of a known shape is refused, down to a single space. */
export function readLine(bytes: Buffer): ReadLine {
  let raw: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    raw = JSON.parse(text);
    if (canonicalJson(raw) !== text) return refused('is not in canonical form', raw);
  } catch {
    return refused('is not JSON in UTF-8', null);
  }
  const parsed = ExportLine.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refused(`has a malformed field ${issue?.path.join('.') || '(line)'}: ${issue?.message ?? ''}`, raw);
  }
  // zod rebuilds objects, and a payload must be hashed exactly as it was found.
  const line = parsed.data;
  if (line.kind !== 'event' || line.payload === null) return { ok: true, line };
  const { body } = (raw as { payload: { body: unknown } }).payload;
  return { ok: true, line: { ...line, payload: { salt: line.payload.salt, body } } };
}

function refused(explanation: string, raw: unknown): ReadLine {
  const event = (raw as { event?: { stream?: unknown; seq?: unknown } } | null)?.event;
  return {
    ok: false,
    explanation,
    stream: typeof event?.stream === 'string' ? event.stream : null,
    seq: typeof event?.seq === 'number' ? event.seq : null,
  };
}
