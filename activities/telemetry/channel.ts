import { isProviderError, type ProviderError } from '../../ports/errors.ts';
import type { ChannelState } from '../../ports/trail.ts';
import type { ChannelReport } from '../contracts.ts';
import type { Run, ShipDeps } from './deps.ts';
import { sendFresh } from './fresh.ts';
import { behind, shortened, sizeOf } from './ranges.ts';
import { redeliver } from './redeliver.ts';
import type { ChannelWork, SendContext } from './send-context.ts';

const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 900_000;

/** One channel of one vendor: what was parked and is due, then what is new, until done, out of time, or told to wait. */
export async function shipChannel(deps: ShipDeps, run: Run, work: ChannelWork): Promise<ChannelReport> {
  const { trail, sink } = deps;
  const { channel, heads, cursors } = work;
  const state = await trail.state(sink.vendor, channel);
  const cut = shortened(heads, cursors);
  if (cut.size > 0) {
    await trail.rewind(sink.vendor, channel, cut);
    for (const [stream, seq] of cut) cursors.set(stream, seq);
  }
  const context: SendContext = { deps, run, channel, state, counts: { sent: 0, parked: 0, redelivered: 0 } };
  const next = await attempt(context, work);
  if (next.failures !== state.failures || next.notBefore !== state.notBefore)
    await trail.setState(sink.vendor, channel, next);
  const left = sizeOf(behind(heads, cursors));
  return {
    channel,
    state: next.notBefore !== null ? 'waiting' : left > 0 ? 'more-to-send' : 'up-to-date',
    ...context.counts,
    behind: left,
    reason: next.reason,
    retryAt: next.notBefore,
    alarms: [...cut].map(
      ([stream, seq]) =>
        `stream ${stream} ends at ${seq}, and more was sent of it: the trail was cut or restored; run idlewise audit verify`,
    ),
  };
}

async function attempt(context: SendContext, work: ChannelWork): Promise<ChannelState> {
  const { deps, state } = context;
  if (state.notBefore !== null && Date.parse(state.notBefore) > deps.clock().getTime()) return state;
  try {
    await redeliver(context);
    await sendFresh(context, work);
    return { failures: 0, notBefore: null, reason: null };
  } catch (error) {
    return stateAfter(error, { before: state, vendor: deps.sink.vendor, now: deps.clock() });
  }
}

/** Only the vendor's trouble makes a channel wait; anything else (the database) is the activity's, and is thrown on. */
export function stateAfter(
  error: unknown,
  { before, vendor, now }: { before: ChannelState; vendor: string; now: Date },
): ChannelState {
  if (!isProviderError(error) || error.provider !== vendor) throw error;
  const wait = Math.max(
    waitAsked(error),
    Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(before.failures, 10)),
  );
  return {
    failures: before.failures + 1,
    notBefore: new Date(now.getTime() + wait).toISOString(),
    reason: error.message,
  };
}

function waitAsked(error: ProviderError): number {
  return Math.min(error.retryAfterMs ?? 0, LONGEST_WAIT_MS);
}
