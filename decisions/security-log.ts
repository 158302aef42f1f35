import { isProviderError } from '../ports/errors.ts';
import type { AuditLog } from '../ports/audit.ts';
import type { RefusalCode } from './refusals.ts';
import type { Channel, Log } from './types.ts';

export interface SecurityEvent {
  readonly reason: RefusalCode;
  readonly requestHash: string;
  readonly payload?: Readonly<Record<string, unknown>>;
}

/** The trail must not become the way to fill the disk: beyond this many a minute, attacks are only counted in the log. */
const PER_MINUTE = 120;

/** Requests that never became anybody's decision, in stream `auth`. Never throws: they are refused either way. */
export function createSecurityLog(deps: {
  channel: Channel;
  audit: Pick<AuditLog, 'append'>;
  now: () => number;
  log: Log;
}) {
  const { channel } = deps;
  let minute = 0;
  let written = 0;
  return async (event: SecurityEvent): Promise<void> => {
    const now = deps.now();
    const thisMinute = Math.floor(now / 60_000);
    if (thisMinute !== minute) [minute, written] = [thisMinute, 0];
    deps.log.warn({ reason: event.reason, requestHash: event.requestHash }, `${channel} request refused`);
    if (++written > PER_MINUTE) return;
    try {
      await deps.audit.append({
        stream: 'auth',
        eventId: `${channel}/${event.reason}/${event.requestHash}`,
        type: 'SECURITY',
        at: new Date(now).toISOString(),
        actor: { kind: 'service', id: `${channel}-app` },
        subject: `${channel}-request`,
        payload: { reason: event.reason, requestHash: event.requestHash, ...event.payload },
      });
    } catch (error) {
      if (!isProviderError(error, 'terminal')) deps.log.error({ reason: event.reason }, 'security event not written');
    }
  };
}
export type SecurityLog = ReturnType<typeof createSecurityLog>;
