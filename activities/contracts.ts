import type { AssetRef } from '../schemas/asset.ts';
import type { Money } from '../schemas/money.ts';
import type { ActionName } from '../schemas/option.ts';
import type { Outcome, StepOutcome } from '../schemas/outcome.ts';
import type { SweepCounts } from '../schemas/records.ts';
import type { RiskLevel } from '../schemas/risk.ts';
import type { TicketRef } from '../schemas/ticket.ts';
import type { Queues, WaitPolicy } from '../schemas/workflow-io.ts';

/** The activities as the workflows see them: ids, digests and small summaries go in and out, never evidence bodies. */

export type WatchedAsset = AssetRef & { name: string; vendorId: string };

export interface GatherInput {
  readonly remediationId: string;
  readonly runId: string;
  readonly round: number;
  readonly asset: WatchedAsset;
  readonly ruleId: string;
  /** Who set the sweep off; left out by runs of earlier versions. */
  readonly requestedBy?: string | undefined;
}

export type GatherResult =
  | { readonly kind: 'gone'; readonly reasons: readonly string[] }
  | { readonly kind: 'not-idle'; readonly reasons: readonly string[] }
  | {
      readonly kind: 'gathered';
      readonly caseId: string;
      readonly phase: 'observe' | 'approve' | 'automate';
      readonly environment: string;
      readonly ownerTeam: string;
    };

export interface VerifyInput {
  readonly remediationId: string;
  readonly caseId: string;
  readonly asset: WatchedAsset;
  readonly action: ActionName;
  readonly planDigest: string;
  readonly actedAt: string;
  readonly deadlineAt: string;
  readonly pollMs: number;
}

export interface VerifyResult {
  readonly result: 'verified' | 'unverified' | 'contradicted';
  readonly reasons: readonly string[];
  readonly openIssueIds: readonly string[];
}

export interface SavingInput {
  readonly remediationId: string;
  readonly caseId: string;
  readonly asset: AssetRef;
  readonly action: ActionName;
  readonly expected: Money | null;
  readonly actedAt: string;
  /** The first look happens no earlier; the last no later. */
  readonly notBefore: string;
  readonly deadlineAt: string;
  readonly pollMs: number;
}

export interface SavingResult {
  readonly result: 'verified' | 'contradicted' | 'not-billed-yet' | 'not-applicable';
  readonly realisedMonthly: Money | null;
}

/** Read queue. */
export interface ReadActivities {
  gatherContext(input: GatherInput): Promise<GatherResult>;
  verifyChange(input: VerifyInput): Promise<VerifyResult>;
  verifySaving(input: SavingInput): Promise<SavingResult>;
}

export interface PlannedOption {
  readonly optionId: ActionName;
  readonly planDigest: string;
  readonly requiredApprovals: number;
  readonly twoPhase: boolean;
  readonly monthlySaving: Money | null;
}

export interface AssessResult {
  readonly riskScore: number;
  readonly riskLevel: RiskLevel;
  readonly assessor: 'rules' | 'rules+model';
  readonly options: readonly PlannedOption[];
  readonly recommended: ActionName | null;
  /** The policy may decide instead of a person. */
  readonly automation: {
    readonly allowed: boolean;
    readonly optionId: ActionName | null;
    readonly reasons: readonly string[];
  };
}

/** Assess queue. */
export interface AssessActivities {
  assessRisk(input: {
    remediationId: string;
    caseId: string;
    phase: 'observe' | 'approve' | 'automate';
  }): Promise<AssessResult>;
}

export interface AskInput {
  readonly remediationId: string;
  readonly runId: string;
  readonly caseId: string;
  readonly round: number;
  readonly expiresAt: string;
  /** Set when the policy decides: no one is asked, everyone is told. */
  readonly automatedOption: ActionName | null;
}

export interface AskResult {
  readonly approvalId: string;
  readonly ticket: TicketRef | null;
  /** Non-fatal trouble with ticket or chat, for the run's details. */
  readonly warnings: readonly string[];
}

export interface CloseInput {
  readonly remediationId: string;
  readonly runId: string;
  readonly caseId: string | null;
  readonly approvalId: string | null;
  readonly asset: WatchedAsset;
  readonly ruleId: string;
  readonly outcome: Outcome;
  readonly action: ActionName | null;
  /** As the run counted them. What is told comes from the decisions that were signed. */
  readonly decidedBy: readonly string[];
  readonly reasons: readonly string[];
  readonly openIssueIds: readonly string[];
}

/** Notify queue. */
export interface NotifyActivities {
  /** Ticket first, then the message; both found again on a retry. */
  askForDecision(input: AskInput): Promise<AskResult>;
  remind(input: { approvalId: string; kind: 'reminder' | 'escalation'; expiresAt: string }): Promise<void>;
  /** Completes only when the ticket was ended by somebody else; until then each look is a retry, which costs no history. */
  watchTicket(input: { ticketId: string; pollMs: number }): Promise<{ endedBy: string; state: string }>;
  /** A decision that arrived by Signal is answered here; one by Update has its answer already. */
  showDecision(input: {
    approvalId: string;
    headline: string;
    detail: string;
    stage: 'decided' | 'snoozed';
  }): Promise<void>;
  /** The first phase is done: says until when it is held and how to call it off, and moves the ticket on. */
  announceHold(input: { approvalId: string; until: string }): Promise<void>;
  /** An approved change waits until changes may be made. */
  announceWindow(input: { approvalId: string; opensAt: string }): Promise<void>;
  closeOut(input: CloseInput): Promise<void>;
  reportSaving(input: {
    remediationId: string;
    approvalId: string | null;
    caseId: string;
    saving: SavingResult;
  }): Promise<void>;
}

export interface ExecuteInput {
  readonly remediationId: string;
  readonly runId: string;
  readonly caseId: string;
  readonly approvalId: string;
  readonly planDigest: string;
  readonly step: 'apply' | 'complete' | 'rollback';
}

/** Execute queue. */
export interface ExecuteActivities {
  executeChange(input: ExecuteInput): Promise<StepOutcome>;
}

export interface ScanPageInput {
  readonly tenant: string;
  readonly sweepId: string;
  readonly accountId: string;
  readonly region: string;
  readonly cursor: string | null;
  readonly page: number;
  readonly pageSize: number;
}

export interface ScanPageResult {
  readonly nextCursor: string | null;
  readonly counts: SweepCounts;
}

export interface StartRemediationsInput {
  readonly tenant: string;
  readonly sweepId: string;
  readonly limit: number;
  readonly requestedBy?: string | undefined;
  readonly queues: Queues;
  readonly waits: WaitPolicy;
}

/** Read queue, sweep part. */
export interface SweepActivities {
  beginSweep(input: { sweepId: string }): Promise<void>;
  scanPage(input: ScanPageInput): Promise<ScanPageResult>;
  /** Highest priority first, each at most once whatever is retried. */
  startRemediations(
    input: StartRemediationsInput,
  ): Promise<{ started: number; alreadyRunning: number; failed: number }>;
}

/** Audit queue. */
export interface AuditActivities {
  checkpointAudit(): Promise<{ number: number; digest: string }>;
}

/** What one run did for one kind of telemetry. */
export interface ChannelReport {
  readonly channel: 'logs' | 'events' | 'metrics';
  readonly state: 'up-to-date' | 'more-to-send' | 'waiting';
  readonly sent: number;
  /** Put aside in this run because the vendor would not take them. */
  readonly parked: number;
  /** Put aside earlier and accepted now. */
  readonly redelivered: number;
  /** Events of the trail that are still to be sent. */
  readonly behind: number;
  /** Why it waits, and until when. */
  readonly reason: string | null;
  readonly retryAt: string | null;
  readonly alarms: readonly string[];
}

export interface ShipReport {
  readonly vendor: string;
  readonly channels: readonly ChannelReport[];
  /** Batches that stand aside now. */
  readonly parkedBatches: number;
}

/** Audit queue. */
export interface TelemetryActivities {
  shipTelemetry(): Promise<ShipReport>;
}
