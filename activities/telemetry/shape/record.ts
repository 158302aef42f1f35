import { sha256 } from '../../../schemas/digest.ts';
import type { TelemetryRecord } from '../../../ports/telemetry.ts';
import type { Fields, TrailEvent } from '../../../ports/trail.ts';
import { secretIn } from './secrets.ts';

const MAX_TEXT = 1000;

/** What went well or badly, by the field that says so. */
const SEVERITY_OF: Readonly<Record<string, TelemetryRecord['severity']>> = {
  ROLLBACK: 'error',
  EGRESS_BLOCKED: 'warn',
  SECURITY: 'warn',
  APPROVAL_REFUSED: 'warn',
  KILL_SWITCH: 'warn',
  'OUTCOME remediated': 'success',
  'OUTCOME unverified': 'warn',
  'OUTCOME rolled-back': 'error',
  'OUTCOME needs-human': 'error',
  'OUTCOME blocked-by-policy': 'warn',
  'OUTCOME blocked-by-preflight': 'warn',
  'OUTCOME blocked-by-drift': 'warn',
  'FEEDBACK verified': 'success',
  'FEEDBACK contradicted': 'warn',
  'VERIFY contradicted': 'error',
};

/** The field that says most about an event, for its one line. */
const TELLING = ['outcome', 'decision', 'result', 'verdict', 'level', 'phase', 'state', 'reason', 'step', 'action'];

/**
 * One event of the trail as a record: its place in the chain, who and what, and the picked fields. `hash` lets anybody compare
 * the record with the trail.
 */
export function toRecord(event: TrailEvent, fields: Fields): TelemetryRecord {
  const telling = TELLING.map((name) => fields[name]).find((value) => typeof value === 'string');
  const id = safeId(event.eventId);
  const subject = safe(event.subject);
  const attributes: Record<string, TelemetryRecord['attributes'][string]> = {
    'idlewise.event_id': id,
    'idlewise.stream': safe(event.stream),
    'idlewise.seq': event.seq,
    'idlewise.type': safe(event.type),
    'idlewise.at': event.at,
    'idlewise.actor.kind': safe(event.actor.kind),
    'idlewise.actor.id': safe(event.actor.id),
    'idlewise.subject': subject,
    'idlewise.hash': event.hash,
  };
  for (const [name, value] of Object.entries(fields)) attributes[`idlewise.${name}`] = safeValue(value);
  const type = event.type.toLowerCase();
  return {
    id,
    at: event.at,
    severity: SEVERITY_OF[`${event.type} ${String(telling)}`] ?? SEVERITY_OF[event.type] ?? 'info',
    name: CODE.test(type) ? `idlewise.${type}` : 'idlewise.unknown',
    message: safe(`${event.type}${telling === undefined ? '' : ` ${String(telling)}`} · ${subject}`),
    attributes,
  };
}

const CODE = /^[a-z][a-z0-9_]{0,60}$/;

/** An id that holds something secret-like (an access key id does) is replaced by its digest: as unique, and the same each time. */
function safeId(id: string): string {
  const text = id.toWellFormed();
  return secretIn(text) === null ? text : `redacted-${sha256(text)}`;
}

function safe(text: string): string {
  const kind = secretIn(text);
  return kind === null ? text.toWellFormed().slice(0, MAX_TEXT) : `[redacted: ${kind}]`;
}

function safeValue(value: Fields[string]): Fields[string] {
  if (typeof value === 'string') return safe(value);
  return typeof value === 'object' ? value.map(safe) : value;
}
