import { z } from 'zod';
import { CHAT_VENDORS } from '../providers/chat/vendors.ts';
import { CLOUD_VENDORS } from '../providers/cloud/vendors.ts';
import { DirectorySection } from '../providers/directory/section.ts';
import { TICKET_VENDORS } from '../providers/tickets/vendors.ts';
import { Chat } from './chat.ts';
import { crossChecks } from './checks.ts';
import { Cnapp } from './cnapp.ts';
import { Cost } from './cost.ts';
import { Http } from './http.ts';
import { Memory } from './memory.ts';
import { Model } from './model.ts';
import { Routing } from './routing.ts';
import { SecretStores } from './secret-stores.ts';
import { ServiceNow } from '../providers/servicenow/section.ts';
import { Slack } from '../providers/chat/slack/section.ts';
import { Signing } from './signing.ts';
import { Telemetry } from './telemetry.ts';
import { Tickets } from './tickets.ts';
import { requireSections } from './vendors.ts';
import { Duration, SecretRef, Url } from '../schemas/config-values.ts';

export { Duration, SecretRef };

const Waits = z.strictObject({
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
  /** How long what was started again must have stayed up before it counts as started. */
  startSettle: Duration.default(60_000),
  transitionTimeout: Duration,
  snapshotTimeout: Duration,
  ticketPoll: Duration,
  /** A quiet asset that was busy within this span before execution is not touched. */
  freshness: Duration,
});

export const Config = z
  .strictObject({
    tenant: z.string().regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and dashes'),
    stateDir: z.string(),
    temporal: z.strictObject({
      address: z.string(),
      namespace: z.string(),
      apiKey: SecretRef.optional(),
      tls: z.boolean().default(false),
      uiUrl: Url.nullable().default(null),
      taskQueuePrefix: z.string().default('idlewise'),
    }),
    secrets: SecretStores.optional(),
    mongodb: z.strictObject({ uri: SecretRef.or(z.string().startsWith('mongodb')), database: z.string() }),
    ...CLOUD_VENDORS.aws.section.shape,
    ...CLOUD_VENDORS.azure.section.shape,
    ...CLOUD_VENDORS.gcp.section.shape,
    cnapp: Cnapp,
    cost: Cost,
    /** The CMDB, and tickets when they are kept there. Left out: no CMDB, which leaves criticality unknown. */
    servicenow: ServiceNow.optional(),
    /** Where changes are recorded. The CMDB stays the one of `servicenow`. */
    tickets: Tickets.default({ vendor: 'servicenow' }),
    slack: Slack.optional(),
    /** Changes that somebody else's pipeline makes. */
    routing: Routing.prefault({}),
    http: Http,
    /** Where people are asked. */
    chat: Chat.default({ vendor: 'slack' }),
    /** Guidance and past cases that assessments look at. */
    memory: Memory.prefault({}),
    /** Where the audit trail and the outcomes are sent. */
    telemetry: Telemetry.prefault({}),
    model: Model,
    directory: DirectorySection,
    /** Whose word counts: decisions, cases and what was begun are believed only with a signature of these keys. */
    signing: Signing,
    policy: z.strictObject({
      waits: Waits,
      limits: z.strictObject({
        run: z.number().int().positive(),
        day: z.number().int().positive(),
        ownerDay: z.number().int().positive(),
        /** Remediation workflows one sweep may start. */
        startsPerSweep: z.number().int().positive(),
      }),
      freezes: z
        .array(z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime(), reason: z.string() }))
        .default([]),
      /** Cron-free weekly window in an IANA zone; null: any time. */
      changeWindow: z
        .strictObject({
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
    /** Detection rules of your own, beside those that ship. */
    rules: z.strictObject({ folder: z.string().min(1).optional() }).prefault({}),
    sweep: z.strictObject({
      pageSize: z.number().int().min(1).max(500).default(200),
      pagesPerRun: z.number().int().positive().default(20),
      schedule: z.strictObject({
        everyHours: z.number().positive().default(24),
        catchupWindow: Duration.default(21_600_000),
        jitter: Duration.default(900_000),
      }),
    }),
    audit: z.strictObject({
      signingKey: SecretRef,
      /** Folder outside the database where checkpoints are anchored (in production: an object-locked bucket mount). */
      anchorDir: z.string(),
    }),
  })
  .superRefine((config, ctx) => {
    const missing = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message });
    if (config.accounts.length === 0 && !config.azure && !config.gcp)
      missing('accounts', 'must name at least one AWS account, or give azure or gcp');
    const whole = { from: config, top: true };
    requireSections({ ...whole, port: 'tickets', vendors: TICKET_VENDORS }, config.tickets.vendor, ctx);
    requireSections({ ...whole, port: 'chat', vendors: CHAT_VENDORS }, config.chat.vendor, ctx);
    const { vendor } = config.chat;
    if ((vendor === 'slack' || vendor === 'teams') && !config.signing[vendor])
      missing('signing', `must have ${vendor}, the key with which its app signs what people decide`);
    crossChecks(config as Config, ctx);
  });
export type Config = z.infer<typeof Config>;
