import { isProviderError } from '../../ports/errors.ts';
import type { BatchLimit, Receipt, TelemetryRecord } from '../../ports/telemetry.ts';
import type { DeadLetterKind } from '../../ports/trail.ts';

export interface Item {
  readonly stream: string;
  readonly seq: number;
  readonly record: TelemetryRecord;
  /** The record as JSON, in bytes. */
  readonly bytes: number;
}

export interface Why {
  readonly kind: DeadLetterKind;
  readonly reason: string;
  readonly status: number | null;
}

export interface Delivery {
  readonly limit: BatchLimit;
  readonly send: (records: readonly TelemetryRecord[]) => Promise<Receipt>;
  /** True when the vendor refuses our credentials as such, and not only this batch. */
  readonly refusesUs: () => Promise<boolean>;
  readonly park: (items: readonly Item[], why: Why) => Promise<void>;
  /** Called in order: these are either accepted or parked. */
  readonly settled: (count: number, accepted: number) => void;
}

/** Halvings of one batch in search of what the vendor dislikes in it: enough to single out two records in a thousand. */
const MAX_SPLITS = 24;
const TOO_LARGE = 413;

/**
 * Sends the items in order, in batches within the limit. A batch that is too large is halved; one that is refused for its content
 * is halved until the culprits stand alone, and those are parked. @throws ProviderError when sending must stop for now: what was
 * settled before stays settled.
 */
export async function deliver(items: readonly Item[], how: Delivery): Promise<void> {
  for (const batch of pack(items, how.limit)) await settle(batch, how, { splits: MAX_SPLITS });
}

async function settle(batch: readonly Item[], how: Delivery, budget: { splits: number }): Promise<void> {
  let receipt: Receipt;
  try {
    receipt = await how.send(batch.map((item) => item.record));
  } catch (error) {
    const why = await judge(error, how);
    if (why === null) throw error;
    if (batch.length > 1 && (why.kind === 'too-large' || budget.splits-- > 0)) {
      const middle = Math.ceil(batch.length / 2);
      await settle(batch.slice(0, middle), how, budget);
      return settle(batch.slice(middle), how, budget);
    }
    await how.park(batch, why);
    return how.settled(batch.length, 0);
  }
  if (receipt.rejected > 0) {
    const reason = `${receipt.rejected} of ${batch.length} were dropped: ${receipt.reason ?? 'no reason given'}`;
    await how.park(batch, { kind: 'partly-dropped', reason, status: null });
  }
  how.settled(batch.length, Math.max(0, batch.length - receipt.rejected));
}

/** Null: not this batch's fault, so it is tried again later as it is. */
async function judge(error: unknown, how: Delivery): Promise<Why | null> {
  if (isProviderError(error, 'terminal')) {
    const status = error.status ?? null;
    return { kind: status === TOO_LARGE ? 'too-large' : 'rejected', reason: error.message, status };
  }
  if (!isProviderError(error, 'unauthorised') || (await how.refusesUs())) return null;
  return { kind: 'refused', reason: error.message, status: error.status ?? null };
}

function pack(items: readonly Item[], limit: BatchLimit): Item[][] {
  const batches: Item[][] = [];
  let bytes = 0;
  for (const item of items) {
    const last = batches.at(-1);
    if (last && last.length < limit.items && bytes + item.bytes <= limit.bytes) {
      last.push(item);
      bytes += item.bytes;
    } else {
      batches.push([item]);
      bytes = item.bytes;
    }
  }
  return batches;
}
