import { z } from 'zod';
import { ResourceType } from './asset.ts';
import { RESOURCE_TYPE_NAMES, resourceTypeRow } from './resource-types.ts';
import { IsoInstant } from './time.ts';

/** Short names people write; the CloudFormation name works, too. */
export const RESOURCE_TYPE_ALIASES: Readonly<Record<string, ResourceType>> = Object.fromEntries(
  RESOURCE_TYPE_NAMES.flatMap((type) => (resourceTypeRow(type).aliases ?? []).map((alias) => [alias, type])),
);

/** An amount may be written as a number or as decimal text; it is text from here on. */
const Amount = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/, 'must be a number such as 70.08')])
  .transform(String);

const Instant = z.union([
  IsoInstant,
  z.iso
    .datetime({ offset: true, error: 'must be an ISO-8601 instant such as 2026-01-31T09:00:00Z' })
    .transform((t) => new Date(t).toISOString()),
]);

const Flag = z.boolean().nullable().default(null);
const Tags = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({});

const OfflineSeries = z.object({
  metric: z.string().min(1),
  statistic: z.enum(['Average', 'Maximum', 'Minimum', 'Sum', 'SampleCount']),
  unit: z.string().default('None'),
  start: Instant,
  periodSeconds: z.number().int().positive(),
  values: z.array(z.number().nullable()),
});

const OfflineFinding = z.object({
  title: z.string().default('finding'),
  class: z.enum(['vulnerability', 'misconfiguration', 'detection', 'data']).default('misconfiguration'),
  severity: z.enum(['unknown', 'informational', 'low', 'medium', 'high', 'critical']).default('unknown'),
  status: z.enum(['open', 'resolved', 'suppressed']).default('open'),
  cve: z.string().nullable().default(null),
  knownExploited: Flag,
  exploitAvailable: Flag,
});

/** One case of `idlewise evaluate`; docs/offline-evaluation.md explains every field with examples. */
export const OfflineCase = z.object({
  caseId: z.string().min(1).max(200),
  /** End of the evidence; the end of the latest series when absent. */
  observedAt: Instant.nullable().default(null),
  /** When the judgement is made; `observedAt` when absent. */
  now: Instant.nullable().default(null),
  phase: z.enum(['observe', 'approve', 'automate']).default('approve'),
  asset: z.object({
    id: z.string().min(1).max(512),
    type: z.preprocess(
      (t) => (typeof t === 'string' ? (RESOURCE_TYPE_ALIASES[t.toLowerCase()] ?? t) : t),
      ResourceType,
    ),
    arn: z.string().nullable().default(null),
    name: z.string().default(''),
    /** 12 digits in quotes, a subscription id or a project id. */
    accountId: z
      .string()
      .regex(
        /^(\d{12}|[0-9a-f-]{36}|(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9])$/,
        'must be a 12-digit AWS account id in quotes, an Azure subscription id or a Google Cloud project id',
      )
      .default('000000000000'),
    region: z.string().min(1).default('us-east-1'),
    createdAt: Instant.nullable().default(null),
    tags: Tags,
  }),
  tags: Tags,
  /** What the cloud says: any field of the facts of that type (schemas/cloud-facts.ts). */
  facts: z.record(z.string(), z.unknown()).nullable().default(null),
  metrics: z.array(OfflineSeries).default([]),
  posture: z
    .object({
      internetExposed: Flag,
      adminPrivileges: Flag,
      sensitiveData: Flag,
      openPorts: z.array(z.union([z.string(), z.number()]).transform(String)).default([]),
      findings: z.array(OfflineFinding).default([]),
    })
    .nullable()
    .default(null),
  cost: z
    .object({
      monthlyRunRate: Amount,
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as USD')
        .default('USD'),
      basis: z.enum(['billed', 'list-price']).default('billed'),
      serviceName: z.string().nullable().default(null),
      commitment: z
        .object({
          type: z.enum(['reservation', 'savings-plan']),
          coverage: z.number().min(0).max(1).default(1),
          endsAt: Instant.nullable().default(null),
        })
        .nullable()
        .default(null),
    })
    .nullable()
    .default(null),
  cmdb: z
    .object({
      environment: z.string().nullable().default(null),
      criticality: z.number().int().min(1).max(4).nullable().default(null),
      ownerEmail: z.string().nullable().default(null),
      supportGroup: z.string().nullable().default(null),
      operationalStatus: z.string().nullable().default(null),
      maintenanceWindow: z.string().nullable().default(null),
      disasterRecoveryRole: z.string().nullable().default(null),
      dependents: z.array(z.string()).default([]),
      openIncidents: z.array(z.string()).default([]),
    })
    .nullable()
    .default(null),
  /** The truth, for precision and recall. Never an input of the judgement. */
  labels: z
    .object({
      idle: z.boolean(),
      expectedVerdict: z.enum(['idle', 'active', 'undetermined']).optional(),
      /** Nothing may be proposed for it, idle or not. */
      mustNotAct: z.boolean().default(false),
    })
    .nullable()
    .default(null),
});
export type OfflineCase = z.infer<typeof OfflineCase>;
