import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { failureWith } from './errors.ts';

const HOUR = 3_600_000;
/** The least time to wait when the vendor does not say how long. */
export const UNSTATED_WAIT_MS = 60_000;

export interface RateGate {
  /** Counts one request, or throws `retry-after` when this part of the API takes no more for now. Nothing is sent then. */
  enter(part: string, operation: string): void;
  /**
   * The vendor takes nothing more: for `ms`, or null when it did not say for how long. Answers how long that is. A second
   * refusal in a row that says nothing means that the hour is used up: it ends an hour after our oldest request in it.
   */
  close(part: string, ms: number | null): number;
  /** A request was answered. */
  passed(part: string): void;
}

/**
 * The vendor's budget is counted by the hour for each part of its API (`Inventory`, `Alerts`, …). Keeping to it here costs
 * nothing, while running into it locks out everybody who shares the key.
 */
export function createRateGate(requestsPerHour: number, clock: () => number): RateGate {
  const sent = new Map<string, number[]>();
  const closedUntil = new Map<string, number>();
  const refused = new Set<string>();

  const wait = (operation: string, part: string, until: number) =>
    failureWith({
      operation,
      kind: Kind.RetryAfter,
      message: `the hourly budget of ${part} is used up; it goes on at ${new Date(until).toISOString()}`,
      retryAfterMs: Math.max(1000, until - clock()),
    });

  return {
    enter: (part, operation) => {
      const now = clock();
      const until = closedUntil.get(part) ?? 0;
      if (until > now) throw wait(operation, part, until);
      const recent = (sent.get(part) ?? []).filter((at) => at > now - HOUR);
      const [oldest] = recent;
      sent.set(part, recent);
      if (recent.length >= requestsPerHour && oldest !== undefined) throw wait(operation, part, oldest + HOUR);
      recent.push(now);
    },
    close: (part, ms) => {
      const oldest = sent.get(part)?.[0] ?? clock();
      const unstated = refused.has(part) ? Math.max(UNSTATED_WAIT_MS, oldest + HOUR - clock()) : UNSTATED_WAIT_MS;
      if (ms === null) refused.add(part);
      closedUntil.set(part, clock() + (ms ?? unstated));
      return ms ?? unstated;
    },
    passed: (part) => {
      refused.delete(part);
    },
  };
}

/** Which budget a path counts to: its first word, and the second where the first only groups others. */
export function partOf(path: string): string {
  const [first = '', second = ''] = path.split(/[/?]/);
  return first === 'Vulnerabilities' || first === 'Entities' ? `${first}/${second}` : first;
}
