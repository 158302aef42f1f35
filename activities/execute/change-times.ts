import type { Config } from '../../config/schema.ts';
import { type ChangeTimes, inAllWindows, inFreeze, nextOpening } from '../../domain/change-window.ts';
import { readMaintenanceWindow } from '../../domain/maintenance-window.ts';
import type { CmdbRecord } from '../../schemas/cmdb.ts';

/** When one asset may be changed, and whether that is now. */
export interface TimeGates {
  readonly inFreeze: boolean;
  readonly inWindow: boolean;
  /** Null when nobody can tell, because the CMDB's window cannot be read. */
  readonly times: ChangeTimes | null;
  /** Why nobody can tell, e.g. `maintenance-window-unreadable:first Sunday`. */
  readonly doubt: string | null;
}

/** The change window of the configuration and the maintenance window of the asset, each in its own zone: inside both. */
export function timeGates(
  policy: Pick<Config['policy'], 'freezes' | 'changeWindow'>,
  cmdb: Pick<CmdbRecord, 'maintenanceWindow' | 'maintenanceTimeZone'> | null,
  now: Date,
): TimeGates {
  const frozen = inFreeze(policy.freezes, now);
  const own = readMaintenanceWindow(cmdb?.maintenanceWindow ?? null, cmdb?.maintenanceTimeZone ?? null);
  if (own === 'unreadable') {
    const doubt = `maintenance-window-unreadable:${(cmdb?.maintenanceWindow ?? '').slice(0, 80).replaceAll(' ', '_')}`;
    return { inFreeze: frozen, inWindow: false, times: null, doubt };
  }
  const windows = [...(policy.changeWindow ? [[policy.changeWindow]] : []), ...(own ? [own] : [])];
  const times = { windows, freezes: policy.freezes };
  return { inFreeze: frozen, inWindow: inAllWindows(windows, now), times, doubt: null };
}

/**
 * What a refusal that is only about the window comes to: waiting, when it opens while the approval is valid, else the sentence
 * people are told. Null when something else is in the way as well, such as a freeze: that is a no, and not a "later".
 */
export function untilOpen(
  gates: TimeGates,
  refusal: { readonly reasons: readonly string[]; readonly validUntil: Date; readonly now: Date },
): { readonly notBefore: string } | { readonly tooLate: string } | null {
  const { reasons, validUntil, now } = refusal;
  if (gates.times === null || reasons.length !== 1 || reasons[0] !== 'forbid-outside-window') return null;
  const opens = nextOpening(gates.times, now);
  if (opens !== null && opens < validUntil) return { notBefore: opens.toISOString() };
  const when = opens === null ? 'not within the next month' : `at ${opens.toISOString()}`;
  return {
    tooLate: `window-too-late: changes may be made next ${when}, and the approval is valid until ${validUntil.toISOString()}`,
  };
}
