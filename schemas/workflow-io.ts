import { z } from 'zod';
import { AssetRef } from './asset.ts';
import { Money } from './money.ts';
import { ActionName } from './option.ts';
import { Outcome } from './outcome.ts';
import { SweepCounts } from './records.ts';
import { RiskLevel } from './risk.ts';

/** Every wait of a remediation in milliseconds. Nothing in workflow code sleeps a constant. */
export const WaitPolicy = z.object({
  reminder: z.number(),
  escalation: z.number(),
  expiry: z.number(),
  hold: z.number(),
  rescanPoll: z.number(),
  rescanDeadline: z.number(),
  billingLag: z.number(),
  billingDeadline: z.number(),
  ticketPoll: z.number(),
  /** Heartbeat after which a silent executor is presumed dead and the step is tried again by another. */
  executorHeartbeat: z.number(),
  /** Longest a single execution step may take, snapshots included. */
  executorStep: z.number(),
});
export type WaitPolicy = z.infer<typeof WaitPolicy>;

export const Queues = z.object({ read: z.string(), assess: z.string(), notify: z.string(), execute: z.string() });
export type Queues = z.infer<typeof Queues>;

/** Started once per asset × rule; ids and waits only, no evidence. */
export const RemediateAssetInput = z.object({
  tenant: z.string(),
  remediationId: z.string(),
  asset: AssetRef.extend({ name: z.string(), vendorId: z.string() }),
  ruleId: z.string(),
  sweepId: z.string(),
  /** Who set the sweep off: a person's subject, or the service that did. */
  requestedBy: z.string().optional(),
  queues: Queues,
  waits: WaitPolicy,
  /** Carried over continue-as-new. */
  round: z.number().int().default(1),
});
export type RemediateAssetInput = z.infer<typeof RemediateAssetInput>;

export const RemediateAssetResult = z.object({
  outcome: Outcome,
  action: ActionName.nullable(),
  reasons: z.array(z.string()),
  monthlySaving: Money.nullable(),
  savingVerified: z.enum(['verified', 'contradicted', 'not-billed-yet', 'not-applicable']),
});
export type RemediateAssetResult = z.infer<typeof RemediateAssetResult>;

/** Answer of the `status` query. */
export const RemediationStatus = z.object({
  stage: z.string(),
  round: z.number(),
  approvalId: z.string().nullable(),
  approvals: z.array(z.object({ subject: z.string(), optionId: z.string() })),
  riskLevel: RiskLevel.nullable(),
  outcome: Outcome.nullable(),
});
export type RemediationStatus = z.infer<typeof RemediationStatus>;

export const SweepEstateInput = z.object({
  tenant: z.string(),
  partitions: z.array(z.object({ accountId: z.string(), region: z.string() })).min(1),
  pageSize: z.number().int(),
  pagesPerRun: z.number().int(),
  startsPerSweep: z.number().int(),
  maxConcurrentPartitions: z.number().int().default(4),
  /** Partitions of one run of the workflow; the rest are left to the next run. @default 500 */
  partitionsPerRun: z.number().int().positive().optional(),
  /** What earlier runs of the same sweep have seen; `partitions` are those that are left. */
  carried: z.object({ counts: SweepCounts, partitionsFailed: z.array(z.string()) }).optional(),
  /** Who set it off: a person's subject, or the service that did. */
  requestedBy: z.string().optional(),
  queues: Queues,
  waits: WaitPolicy,
});
export type SweepEstateInput = z.infer<typeof SweepEstateInput>;

export const SweepPartitionInput = z.object({
  tenant: z.string(),
  sweepId: z.string(),
  accountId: z.string(),
  region: z.string(),
  cursor: z.string().nullable(),
  page: z.number().int(),
  pageSize: z.number().int(),
  pagesPerRun: z.number().int(),
  counts: SweepCounts,
  readQueue: z.string(),
});
export type SweepPartitionInput = z.infer<typeof SweepPartitionInput>;

export const SweepSummary = z.object({
  sweepId: z.string(),
  counts: SweepCounts,
  partitionsFailed: z.array(z.string()),
});
export type SweepSummary = z.infer<typeof SweepSummary>;
