import { z } from 'zod';
import { Environment, Owner } from './asset.ts';
import { AssetRecord, Verdict } from './detection.ts';
import { Money } from './money.ts';
import { ActionName, Option } from './option.ts';
import { Outcome, Stage } from './outcome.ts';
import { Signature } from './signature.ts';
import { TagSetters } from './tag-setters.ts';
import { RiskAssessment, RiskLevel } from './risk.ts';
import { TicketRef } from './ticket.ts';
import { IsoInstant } from './time.ts';

/** The unified record of one asset as the last sweep saw it. Keyed by `asset.assetKey`. */
export const AssetDocument = AssetRecord.extend({
  sweepId: z.string(),
  /** The CNAPP whose inventory showed it, where several are configured. */
  inventorySource: z.string().optional(),
  environment: Environment,
  verdicts: z.array(Verdict),
});
export type AssetDocument = z.infer<typeof AssetDocument>;

/** Asset × rule with a saving. */
export const Opportunity = z.object({
  opportunityId: z.string(),
  assetKey: z.string(),
  ruleId: z.string(),
  sweepId: z.string(),
  verdict: Verdict,
  monthlySaving: Money.nullable(),
  /** saving × risk of leaving it running × confidence ÷ risk of acting; see docs/architecture.md. */
  priority: z.number(),
  foundAt: IsoInstant,
});
export type Opportunity = z.infer<typeof Opportunity>;

/** The evidence body of one remediation round: what was gathered and what was made of it. */
export const CaseDocument = z.object({
  caseId: z.string(),
  remediationId: z.string(),
  round: z.number().int(),
  record: AssetRecord,
  environment: Environment,
  owner: Owner,
  verdict: Verdict,
  risk: RiskAssessment.nullable(),
  options: z.array(
    Option.extend({ planDigest: z.string(), requiredApprovals: z.number().int(), oneClick: z.boolean() }),
  ),
  recommended: ActionName.nullable(),
  createdAt: IsoInstant,
  /** People who set or removed a tag of the asset. */
  tagSetters: TagSetters.nullish(),
  /** Who set the sweep off that found it. */
  requester: z.string().nullish(),
  /** Of what was gathered by the role `read`, and of what was made of it by the role `assess`. */
  gatheredBy: Signature.nullish(),
  assessedBy: Signature.nullish(),
});
export type CaseDocument = z.infer<typeof CaseDocument>;

/** Read model of one remediation, written by activities, read by the CLI and the console. */
export const RemediationDocument = z.object({
  remediationId: z.string(),
  runId: z.string(),
  assetKey: z.string(),
  accountId: z.string(),
  region: z.string(),
  assetName: z.string(),
  ruleId: z.string(),
  stage: Stage,
  outcome: Outcome.nullable(),
  reasons: z.array(z.string()),
  riskLevel: RiskLevel.nullable(),
  environment: Environment.nullable(),
  ownerTeam: z.string().nullable(),
  monthlySaving: Money.nullable(),
  action: ActionName.nullable(),
  approvalId: z.string().nullable(),
  ticket: TicketRef.nullable(),
  decisionDueAt: IsoInstant.nullable(),
  startedAt: IsoInstant,
  updatedAt: IsoInstant,
});
export type RemediationDocument = z.infer<typeof RemediationDocument>;

/** What was decided about an asset before; the sweep skips assets with a live entry. */
export const LedgerEntry = z.object({
  assetKey: z.string(),
  ruleId: z.string(),
  kind: z.enum(['snoozed', 'rejected', 'remediated', 'exempt', 'open', 'failed']),
  /** Until when the sweep leaves it alone; null means for good. */
  until: IsoInstant.nullable(),
  remediationId: z.string(),
  reason: z.string().nullable(),
  at: IsoInstant,
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** A broken row or asset: recorded with its place and fix, then skipped. */
export const QuarantineEntry = z.object({
  sweepId: z.string(),
  /** Whose row it is: a vendor, or `detection`. */
  source: z.string(),
  /** The vendor's word for what was asked; null where a port has only one question. */
  operation: z.string().nullable().default(null),
  /** The asset's key where the row is about one, else the vendor's id of the row. */
  rowId: z.string().nullable(),
  field: z.string(),
  found: z.string(),
  fix: z.string(),
  at: IsoInstant,
});
export type QuarantineEntry = z.infer<typeof QuarantineEntry>;

export const SweepCounts = z.object({
  scanned: z.number().int(),
  idle: z.number().int(),
  active: z.number().int(),
  undetermined: z.number().int(),
  excluded: z.number().int(),
  skippedByLedger: z.number().int(),
  started: z.number().int(),
  quarantined: z.number().int(),
  /** Listed by a CNAPP, and no longer known to the cloud. */
  gone: z.number().int().default(0),
  failedPages: z.number().int(),
});
export type SweepCounts = z.infer<typeof SweepCounts>;
