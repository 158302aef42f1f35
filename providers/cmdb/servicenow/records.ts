import { z } from 'zod';
import type { CmdbRecord } from '../../../schemas/cmdb.ts';
import { Reference } from '../../servicenow/fields.ts';

/** One configuration item as read, before anything is joined to it. */
export interface CiRow {
  readonly ciId: string;
  readonly resourceId: string;
  readonly name: string;
  readonly environment: string | null;
  readonly operationalStatus: string | null;
  readonly ownerId: string | null;
  readonly supportGroup: string | null;
  /** Name of the maintenance schedule; its entries say the hours. */
  readonly maintenanceWindow: string | null;
  readonly scheduleId: string | null;
  /** Why the schedule's entries are not its hours, whatever they say. */
  readonly scheduleDoubt: string | null;
  readonly maintenanceTimeZone: string | null;
}

const Text = z.string().transform((v) => (v.trim() === '' ? null : v.trim()));

/** A row in display mode, where the resource id stands under a configured column name. */
export function ciRowSchema(resourceIdField: string) {
  return z
    .object({
      sys_id: z.string().regex(/^[0-9a-f]{32}$/, 'must be a sys_id of 32 hexadecimal digits'),
      [resourceIdField]: z.string().min(1),
      name: z.string(),
      environment: Text.optional(),
      operational_status: Text.optional(),
      owned_by: Reference.optional(),
      support_group: Reference.optional(),
      maintenance_schedule: Reference.optional(),
      'maintenance_schedule.time_zone': Text.nullish(),
      'maintenance_schedule.type': Text.nullish(),
      'maintenance_schedule.parent': z.union([Text, Reference]).nullish(),
    })
    .transform(
      (row): CiRow => ({
        ciId: row.sys_id as string,
        resourceId: row[resourceIdField] as string,
        name: row.name as string,
        environment: environmentWord((row.environment as string | null | undefined) ?? null),
        operationalStatus: (row.operational_status as string | null | undefined) ?? null,
        ...references(row),
      }),
    );
}

type Ref = { label: string; id: string | null } | null | undefined;

function scheduleDoubt(row: Record<string, unknown>): string | null {
  const type = row['maintenance_schedule.type'] as string | null | undefined;
  if (type?.toLowerCase() === 'blackout') return 'it is a blackout schedule';
  return row['maintenance_schedule.parent'] ? 'it has a parent schedule' : null;
}

function references(row: Record<string, unknown>) {
  return {
    ownerId: (row.owned_by as Ref)?.id ?? null,
    supportGroup: (row.support_group as Ref)?.label || null,
    maintenanceWindow: (row.maintenance_schedule as Ref)?.label || null,
    scheduleId: (row.maintenance_schedule as Ref)?.id ?? null,
    scheduleDoubt: scheduleDoubt(row),
    maintenanceTimeZone: (row['maintenance_schedule.time_zone'] as string | null | undefined) ?? null,
  };
}

const ENVIRONMENTS: Readonly<Record<string, string>> = {
  production: 'prod',
  development: 'dev',
  'quality assurance': 'test',
};

/** The out-of-the-box labels in our words; any other word is kept as it stands, in lower case. */
function environmentWord(label: string | null): string | null {
  if (label === null) return null;
  const word = label.toLowerCase();
  return ENVIRONMENTS[word] ?? word;
}

/**
 * Two configuration items for one resource are joined to the more careful of both: live ones before retired ones, the
 * greatest criticality (unknown is greatest), and an owner only where they agree.
 */
export function joinDuplicates(records: readonly CmdbRecord[]): CmdbRecord | undefined {
  const live = records.filter((r) => r.operationalStatus?.toLowerCase() !== 'retired');
  const [first, ...rest] = live.length > 0 ? live : records;
  return first && rest.reduce(careful, first);
}

function careful(a: CmdbRecord, b: CmdbRecord): CmdbRecord {
  const agreed = <K extends keyof CmdbRecord>(key: K): CmdbRecord[K] | null => (a[key] === b[key] ? a[key] : null);
  return {
    ...a,
    environment: agreed('environment'),
    criticality: a.criticality === null || b.criticality === null ? null : Math.min(a.criticality, b.criticality),
    ownerEmail: agreed('ownerEmail'),
    supportGroup: agreed('supportGroup'),
    // Two windows that differ are nobody's: the text of both cannot be read as one, and what cannot be read is not open.
    maintenanceWindow:
      a.maintenanceWindow === b.maintenanceWindow
        ? a.maintenanceWindow
        : [a.maintenanceWindow, b.maintenanceWindow].filter(Boolean).join(' / '),
    maintenanceTimeZone:
      a.maintenanceWindow === null
        ? (b.maintenanceTimeZone ?? null)
        : b.maintenanceWindow === null || a.maintenanceTimeZone === b.maintenanceTimeZone
          ? (a.maintenanceTimeZone ?? null)
          : null,
    disasterRecoveryRole: a.disasterRecoveryRole ?? b.disasterRecoveryRole,
    dependents: [...new Set([...a.dependents, ...b.dependents])],
    openIncidents: [...new Set([...a.openIncidents, ...b.openIncidents])],
  };
}
