import type { TelemetryPoint } from '../../ports/telemetry.ts';
import type { SweepCounts } from '../../schemas/records.ts';
import type { Count } from './tally.ts';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'idlewise.runs': 'Remediations that ended, by outcome',
  'idlewise.decisions': 'Decisions on change requests, by what was decided and by whom',
  'idlewise.savings.checks': 'Savings compared with the bill, by result',
  'idlewise.savings.verified_monthly': 'Monthly saving that the bill has confirmed, by currency',
  'idlewise.rollbacks': 'Changes undone, by result',
  'idlewise.credentials.issued': 'Scoped credentials issued for single actions',
  'idlewise.model.blocked': 'Prompts that the egress guard held back',
  'idlewise.security.refusals': 'Requests refused before they were anybody’s decision, by reason',
  'idlewise.audit.events': 'Events in the audit trail',
  'idlewise.telemetry.behind': 'Audit events still to be sent, by kind',
  'idlewise.telemetry.parked': 'Batches put aside because the vendor would not take them',
  'idlewise.sweep.assets': 'Assets of the newest sweep, by what became of them',
  'idlewise.sweep.age': 'Time since the newest sweep began',
};

const MINUTE = 60_000;

export interface Measured {
  readonly now: Date;
  readonly since: string;
  readonly totals: readonly Count[];
  /** Events in the trail. */
  readonly events: number;
  readonly behind: Readonly<Record<string, number>>;
  readonly parked: number;
  readonly sweep: { readonly startedAt: string; readonly counts: SweepCounts } | null;
}

/**
 * Everything measured, as of the full minute. Two runs in one minute thus write the same points, and the later one, which knows
 * at least as much, stands.
 */
export function pointsOf(measured: Measured): TelemetryPoint[] {
  const at = new Date(fullMinute(measured.now)).toISOString();
  const point = (kind: TelemetryPoint['kind'], { metric, tags, by }: Count, unit = '1'): TelemetryPoint => ({
    name: metric,
    description: DESCRIPTIONS[metric] ?? metric,
    kind,
    unit,
    since: measured.since,
    at,
    value: by,
    tags,
  });
  const level = (metric: string, tags: Count['tags'], value: number) =>
    point('level', { metric, tags, by: String(value) }, metric === 'idlewise.sweep.age' ? 's' : '1');
  return [
    ...measured.totals.map((total) => point('total', total, total.tags['currency'] ?? '1')),
    point('total', { metric: 'idlewise.audit.events', tags: {}, by: String(measured.events) }),
    ...Object.entries(measured.behind).map(([kind, count]) => level('idlewise.telemetry.behind', { kind }, count)),
    level('idlewise.telemetry.parked', {}, measured.parked),
    ...(measured.sweep === null ? [] : sweepPoints(measured.sweep, at, level)),
  ];
}

/** Epoch milliseconds. */
export function fullMinute(at: Date): number {
  return Math.floor(at.getTime() / MINUTE) * MINUTE;
}

function sweepPoints(
  { startedAt, counts }: NonNullable<Measured['sweep']>,
  at: string,
  level: (metric: string, tags: Count['tags'], value: number) => TelemetryPoint,
): TelemetryPoint[] {
  const age = Math.max(0, Math.round((Date.parse(at) - Date.parse(startedAt)) / 1000));
  return [
    level('idlewise.sweep.age', {}, age),
    ...Object.entries(counts).map(([name, count]) => level('idlewise.sweep.assets', { result: snake(name) }, count)),
  ];
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
