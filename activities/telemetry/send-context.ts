import { isProviderError } from '../../ports/errors.ts';
import type { Receipt, TelemetryRecord } from '../../ports/telemetry.ts';
import type { Channel, ChannelState, Range, TrailRow } from '../../ports/trail.ts';
import type { Delivery, Item, Why } from './deliver.ts';
import type { Run, ShipDeps } from './deps.ts';
import { hasFields, pickFields } from './shape/fields.ts';
import { toRecord } from './shape/record.ts';

export interface SendContext {
  readonly deps: ShipDeps;
  readonly run: Run;
  readonly channel: Channel;
  readonly state: ChannelState;
  readonly counts: { sent: number; parked: number; redelivered: number };
}

export interface ChannelWork {
  readonly channel: Channel;
  readonly heads: ReadonlyMap<string, number>;
  /** Read before `heads`, so that a cursor beyond its head means a shorter trail and not a newer cursor. */
  readonly cursors: Map<string, number>;
}

/** What is told to people as events; everything is a log. */
const TOLD_AS_EVENTS = [
  'OUTCOME',
  'ROLLBACK',
  'FEEDBACK',
  'KILL_SWITCH',
  'PHASE_CHANGED',
  'POLICY_LOADED',
  'EGRESS_BLOCKED',
];

export function readRange({ deps, channel }: SendContext, ranges: readonly Range[]): Promise<readonly TrailRow[]> {
  const types = channel === 'events' ? TOLD_AS_EVENTS : null;
  return deps.trail.read({ ranges, types, wants: hasFields, pick: pickFields });
}

/** An item and the row it came from. */
export type Placed = Item & { readonly row: number };

export function itemsOf(rows: readonly TrailRow[], since: string | null): Placed[] {
  const from = since === null ? Number.NEGATIVE_INFINITY : Date.parse(since);
  return rows.flatMap(({ event, fields, stream, seq }, row) => {
    if (event === null || Date.parse(event.at) < from) return [];
    const record = toRecord(event, fields);
    return [{ stream, seq, row, record, bytes: Buffer.byteLength(JSON.stringify(record)) }];
  });
}

/** How this channel sends, but for what becomes of the parked. */
export function deliveryOf(
  { deps, run, channel }: SendContext,
  rest: Pick<Delivery, 'limit' | 'settled'> & { park: (items: readonly Item[], why: Why) => Promise<void> },
): Delivery {
  const { sink } = deps;
  return {
    ...rest,
    async send(records) {
      run.beat(`${channel}: sending ${records.length}`);
      return channel === 'logs' ? sink.logs(records) : sendEvents(sink.events, records);
    },
    refusesUs: () => refuses(sink.check),
  };
}

async function sendEvents(
  send: ((record: TelemetryRecord) => Promise<Receipt>) | null,
  records: readonly TelemetryRecord[],
): Promise<Receipt> {
  const [record] = records;
  if (send === null || record === undefined || records.length > 1)
    throw new Error('events are sent one by one, and only to vendors that take them');
  return send(record);
}

async function refuses(check: () => Promise<unknown>): Promise<boolean> {
  try {
    await check();
    return false;
  } catch (error) {
    if (isProviderError(error, 'unauthorised')) return true;
    throw error;
  }
}
