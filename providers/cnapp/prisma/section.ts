import { z } from 'zod';
import { Duration, SecretRef, Url } from '../../../schemas/config-values.ts';
import { ResourceType } from '../../../schemas/resource-type.ts';

/** Prisma Cloud, its CSPM and its Compute API: the section `cnapp.prisma`. */
export const Prisma = z.strictObject({
  /** The API of the tenant's stack, e.g. https://api2.eu.prismacloud.io. */
  apiUrl: Url,
  accessKeyId: SecretRef,
  secretKey: SecretRef,
  maxConcurrent: z.number().int().positive().default(4),
  /** Per HTTP request. */
  timeout: Duration.default(30_000),
  /** How long the platform honours a token. */
  tokenLifetime: Duration.default(600_000),
  /** `api.name` by resource type, laid over those of providers/cnapp/prisma/vendor-names.ts; null leaves a type out. */
  apiNames: z
    .partialRecord(
      ResourceType,
      z
        .string()
        .regex(/^[a-z0-9-]+$/, 'must be an api.name')
        .nullable(),
    )
    .default({}),
  /** Region id → its name in queries, such as "AWS Ohio", laid over those of the same file. */
  regionNames: z.record(z.string(), z.string()).default({}),
  /** RQL that gives what one asset may do; `{assetId}`, `{id}` and `{name}` are filled in. Null: the IAM module is not used. */
  permissionQuery: z
    .string()
    .startsWith('config from iam where ')
    .nullable()
    .default("config from iam where source.cloud.resource.uai = '{assetId}'"),
  /** Policies and roles that make whoever holds them an administrator. */
  adminPolicies: z
    .array(z.string())
    .default(['AdministratorAccess', 'Owner', 'Contributor', 'roles/owner', 'roles/editor']),
  /** Null: notes stay with Idlewise. A time: a note snoozes its alert for so long, the only way an alert takes a note. */
  snoozeNotes: Duration.nullable().default(null),
  /** Alerts resolved within so many days still belong to the posture. */
  resolvedDays: z.number().int().positive().default(30),
  /** False: no vulnerabilities of hosts and images, and no runtime incidents, are read. */
  compute: z.boolean().default(true),
  /** Console path of Compute; null: the one the platform names. */
  computeUrl: Url.nullable().default(null),
  /** `/api/v1` is the newest; a version such as `/api/v22.12` pins it. */
  computePath: z.string().startsWith('/').default('/api/v1'),
  /** Shorter than the token's own word: it states 60 minutes and is refused after 10. */
  computeTokenLifetime: Duration.default(300_000),
  /** Starts an agentless scan, of the whole tenant, when the rescan of a virtual machine is asked for. */
  agentlessScan: z.boolean().default(false),
  /** Runtime incidents of so many days are read. */
  incidentDays: z.number().int().positive().default(90),
  /** Pages of 50 images that are looked through for a digest the search does not find. */
  imagePages: z.number().int().positive().default(40),
});
export type PrismaConfig = z.infer<typeof Prisma>;
