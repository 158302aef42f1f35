import { z } from 'zod';
import { Cost } from './cost.ts';
import { SecretStores } from './secret-stores.ts';
import { Tickets } from './tickets.ts';
import { Duration, SecretRef, Url } from './values.ts';

export { Duration, SecretRef };

export const Phase = z.enum(['observe', 'approve', 'automate']);

const Account = z.object({
  accountId: z.string().regex(/^\d{12}$/, 'must be a 12-digit AWS account id'),
  name: z.string(),
  regions: z.array(z.string()).min(1),
  phase: Phase.default('observe'),
  /** Narrower than `phase`, by region: a roll-out goes region by region. */
  phaseByRegion: z.record(z.string(), Phase).default({}),
  readRoleArn: z.string().nullable().default(null),
  /** Separate roles so that a reversible change can never use destructive rights. */
  executorRoleArns: z.object({ reversible: z.string(), destructive: z.string() }),
  externalId: SecretRef,
});

const Person = z.object({
  subject: z.email(),
  displayName: z.string(),
  slackUserIds: z.array(z.string()).default([]),
  /** `approvers`, `admins`, `finops`, or a team name. */
  groups: z.array(z.string()).default([]),
  /** IAM principal names (the last part of the ARN) that are this person. */
  iamPrincipals: z.array(z.string()).default([]),
});

/** Keys by reference, or a role of Vault's AWS engine. */
const AwsIdentity = z
  .object({
    accessKeyId: SecretRef.optional(),
    secretAccessKey: SecretRef.optional(),
    sessionToken: SecretRef.optional(),
    /** Credentials are leased from this role of Vault's AWS engine while they are needed, and the lease is ended then. */
    vaultAwsRole: z.string().min(1).optional(),
    /** Where that engine is mounted; `aws` when left out. */
    vaultAwsMount: z.string().min(1).optional(),
    /** Wait before new keys of an IAM user are used, which AWS takes some seconds to know; 10 s when left out. */
    vaultAwsSettle: Duration.optional(),
  })
  .refine((id) => (id.vaultAwsRole ? !id.accessKeyId && !id.secretAccessKey : id.accessKeyId && id.secretAccessKey), {
    error: 'must have accessKeyId and secretAccessKey, or vaultAwsRole and no keys',
  });

const Waits = z.object({
  reminder: Duration,
  escalation: Duration,
  expiry: Duration,
  /** Between stop-and-snapshot and destruction. */
  hold: Duration,
  rescanPoll: Duration,
  rescanDeadline: Duration,
  /** Between the change and the bill that should show it. */
  billingLag: Duration,
  /** After this the saving is reported as not billed. */
  billingDeadline: Duration,
  /** How long after the decision an approved change may still begin; the hold is added for second phases. */
  approvalValidFor: Duration,
  executorHeartbeat: Duration,
  /** Longest one execution step may take, snapshots included. */
  executorStep: Duration,
  /** Snooze on the command line without `--until`; the buttons in the chat have their own times. */
  snooze: Duration,
  executorPoll: Duration,
  transitionTimeout: Duration,
  snapshotTimeout: Duration,
  ticketPoll: Duration,
  /** A quiet asset that was busy within this span before execution is not touched. */
  freshness: Duration,
});

export const Config = z.object({
  tenant: z.string().regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and dashes'),
  stateDir: z.string(),
  temporal: z.object({
    address: z.string(),
    namespace: z.string(),
    apiKey: SecretRef.optional(),
    tls: z.boolean().default(false),
    uiUrl: Url.nullable().default(null),
    taskQueuePrefix: z.string().default('idlewise'),
  }),
  secrets: SecretStores.optional(),
  mongodb: z.object({ uri: SecretRef.or(z.string().startsWith('mongodb')), database: z.string() }),
  accounts: z.array(Account).min(1),
  aws: z.object({
    /** One endpoint for every AWS API, as AWS_ENDPOINT_URL would set it; null means AWS itself. */
    endpoint: Url.nullable().default(null),
    /** Null: the SDK's default chain of that process (instance role, environment). */
    readIdentity: AwsIdentity.nullable().default(null),
    executorIdentity: AwsIdentity.nullable().default(null),
  }),
  cnapp: z.object({
    vendor: z.literal('wiz'),
    wiz: z.object({
      tokenUrl: Url,
      apiUrl: Url,
      audience: z.string().default('wiz-api'),
      clientId: SecretRef,
      clientSecret: SecretRef,
      maxConcurrent: z.number().int().positive().default(4),
    }),
  }),
  cost: Cost,
  utilisation: z.object({ vendor: z.literal('cloudwatch') }),
  servicenow: z.object({
    instanceUrl: Url,
    grant: z.enum(['basic', 'password', 'client_credentials']),
    username: SecretRef.optional(),
    password: SecretRef.optional(),
    clientId: SecretRef.optional(),
    clientSecret: SecretRef.optional(),
    assignmentGroup: z.string().nullable().default(null),
    ciTable: z.string().default('cmdb_ci_vm_instance'),
    /** Column that holds the cloud resource id. */
    ciResourceIdField: z.string().default('object_id'),
    changeType: z.enum(['normal', 'emergency']).default('normal'),
    timeout: Duration.default(15_000),
    /** Where a service's criticality is kept; the first column really is spelt with one s. */
    criticality: z.array(z.object({ table: z.string(), field: z.string() })).default([
      { table: 'cmdb_ci_service', field: 'busines_criticality' },
      { table: 'cmdb_ci_business_app', field: 'business_criticality' },
    ]),
    /** Key in `cmdb_key_value` whose value names a CI's disaster-recovery role. */
    disasterRecoveryKey: z.string().default('dr-role'),
    closeCodes: z
      .object({ successful: z.string(), successfulWithIssues: z.string(), unsuccessful: z.string() })
      .default({
        successful: 'successful',
        successfulWithIssues: 'successful_issues',
        unsuccessful: 'unsuccessful',
      }),
  }),
  /** Where changes are recorded. The CMDB stays the one of `servicenow`. */
  tickets: Tickets.default({ vendor: 'servicenow' }),
  slack: z.object({
    apiUrl: Url,
    botToken: SecretRef,
    signingSecret: SecretRef,
    appId: z.string(),
    teamId: z.string(),
    /** Fallback channel when the owner has no account; also where escalations go. */
    channel: z.string(),
    approverUsergroup: z.string(),
    port: z.number().int().min(0).default(3000),
    /** Address the app listens on; 0.0.0.0 in a container behind a TLS proxy. */
    host: z.string().default('127.0.0.1'),
    allowedResponseUrlHosts: z.array(z.string()).default(['hooks.slack.com']),
  }),
  model: z.object({
    vendor: z.enum(['openai', 'none']),
    baseUrl: Url.default('https://api.openai.com/v1'),
    apiKey: SecretRef.optional(),
    model: z.string().default('gpt-5-mini'),
    timeout: Duration.default(30_000),
    maxOutputTokens: z.number().int().positive().default(800),
    dailyTokenBudget: z.number().int().positive().default(2_000_000),
  }),
  directory: z.object({ people: z.array(Person), finopsGroup: z.string().default('finops') }),
  policy: z.object({
    waits: Waits,
    limits: z.object({
      run: z.number().int().positive(),
      day: z.number().int().positive(),
      ownerDay: z.number().int().positive(),
      /** Remediation workflows one sweep may start. */
      startsPerSweep: z.number().int().positive(),
    }),
    freezes: z.array(z.object({ from: z.iso.datetime(), to: z.iso.datetime(), reason: z.string() })).default([]),
    /** Cron-free weekly window in an IANA zone; null: any time. */
    changeWindow: z
      .object({
        days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])),
        from: z.string(),
        to: z.string(),
        timeZone: z.string(),
      })
      .nullable()
      .default(null),
    denyTags: z.array(z.string()).default(['do-not-touch', 'legal-hold', 'dr-standby', 'license-bound']),
    environmentTagKeys: z.array(z.string()).default(['environment', 'env', 'stage']),
    ownerTagKeys: z.array(z.string()).default(['owner', 'team-email', 'contact']),
  }),
  sweep: z.object({
    pageSize: z.number().int().min(1).max(500).default(200),
    pagesPerRun: z.number().int().positive().default(20),
    schedule: z.object({
      everyHours: z.number().positive().default(24),
      catchupWindow: Duration.default(21_600_000),
      jitter: Duration.default(900_000),
    }),
  }),
  audit: z.object({
    signingKey: SecretRef,
    /** Folder outside the database where checkpoints are anchored (in production: an object-locked bucket mount). */
    anchorDir: z.string(),
  }),
});
export type Config = z.infer<typeof Config>;
