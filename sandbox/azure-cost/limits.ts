import { ArmError } from './errors.ts';

const PREFIX = 'x-ms-ratelimit-microsoft.costmanagement';

export interface Quota {
  readonly name: string;
  readonly units: number;
  readonly seconds: number;
}

/** Published quotas of query processing units, for the whole tenant. */
export const TENANT_QUOTAS: readonly Quota[] = [
  { name: 'QueriesPer10Sec', units: 12, seconds: 10 },
  { name: 'QueriesPerMin', units: 60, seconds: 60 },
  { name: 'QueriesPerHour', units: 600, seconds: 3600 },
];

export interface LimitOptions {
  readonly quotas: readonly Quota[];
  /** Calls of one client on one scope in a minute; Infinity for none. */
  readonly callsPerMinute: number;
  readonly clock: () => number;
}

/** Counts units and calls. A refused call costs nothing. */
export function createLimits({ quotas, callsPerMinute, clock }: LimitOptions) {
  const spent: { at: number; units: number }[] = [];
  const calls = new Map<string, number[]>();

  /** Seconds until `units` fit into the window again; 0 when they do now. */
  const waitFor = (quota: Quota, units: number, now: number): number => {
    const since = now - quota.seconds * 1000;
    const recent = spent.filter((s) => s.at > since);
    let used = recent.reduce((sum, s) => sum + s.units, 0);
    if (used + units <= quota.units) return 0;
    for (const entry of recent) {
      used -= entry.units;
      if (used + units <= quota.units) return Math.max(1, Math.ceil((entry.at - since) / 1000));
    }
    return quota.seconds;
  };

  return {
    /** Headers of a call that is let through. @throws ArmError 429 */
    admit(scope: string, units: number): Record<string, string> {
      const now = clock();
      const own = (calls.get(scope) ?? []).filter((at) => at > now - 60_000);
      const headers: Record<string, string> = {};
      const qpuWait = Math.max(...quotas.map((quota) => waitFor(quota, units, now)));
      if (qpuWait > 0) headers[`${PREFIX}-qpu-retry-after`] = String(qpuWait);
      if (own.length >= callsPerMinute) {
        const oldest = own[own.length - callsPerMinute] as number;
        headers[`${PREFIX}-entity-retry-after`] = String(Math.max(1, Math.ceil((oldest + 60_000 - now) / 1000)));
      }
      if (Object.keys(headers).length > 0)
        throw new ArmError(429, '429', { message: 'Too many requests. Please retry.', headers });
      spent.push({ at: now, units });
      calls.set(scope, [...own, now]);
      const remaining = quotas.map((quota) => {
        const used = spent.filter((s) => s.at > now - quota.seconds * 1000).reduce((sum, s) => sum + s.units, 0);
        return `${quota.name}:${quota.units - used}`;
      });
      return { [`${PREFIX}-qpu-consumed`]: String(units), [`${PREFIX}-qpu-remaining`]: remaining.join(';') };
    },
    units: () => spent.reduce((sum, s) => sum + s.units, 0),
  };
}
