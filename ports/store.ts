import type { ApprovalRequest, Decision } from '../schemas/decision.ts';
import type { Plan } from '../schemas/option.ts';
import type {
  AssetDocument,
  CaseDocument,
  LedgerEntry,
  Opportunity,
  QuarantineEntry,
  RemediationDocument,
  SweepCounts,
} from '../schemas/records.ts';
import type { Phase } from './policy.ts';

export interface AssetStore {
  upsertMany(documents: readonly AssetDocument[]): Promise<void>;
  get(assetKey: string): Promise<AssetDocument | null>;
  /** Which of these a sweep has recorded already, with the inventory that showed each. */
  inSweep(sweepId: string, assetKeys: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
  /** Streams in assetKey order. */
  list(filter?: { accountId?: string; region?: string; sweepId?: string }): AsyncIterable<AssetDocument>;
}

export interface OpportunityStore {
  upsertMany(documents: readonly Opportunity[]): Promise<void>;
  /** Highest priority first. */
  ranked(filter: { sweepId?: string; limit: number }): Promise<readonly Opportunity[]>;
}

export interface CaseStore {
  put(document: CaseDocument): Promise<void>;
  get(caseId: string): Promise<CaseDocument | null>;
  /** Stored under its digest, which the caller computed with domain/plan.ts; write-once. */
  putPlan(planDigest: string, plan: Plan): Promise<void>;
  getPlan(planDigest: string): Promise<Plan | null>;
  /** Evidence body of one execution or verification step. */
  putEvidence(evidenceId: string, body: Record<string, unknown>): Promise<void>;
  getEvidence(evidenceId: string): Promise<Record<string, unknown> | null>;
}

export interface ApprovalStore {
  /** Write-once by approvalId; a repeat with equal content is fine. */
  create(request: ApprovalRequest): Promise<void>;
  get(approvalId: string): Promise<ApprovalRequest | null>;
  open(): Promise<readonly ApprovalRequest[]>;
  /** Compare-and-set on the status. False when it was not `from` any more. */
  transition(approvalId: string, from: ApprovalRequest['status'], to: ApprovalRequest['status']): Promise<boolean>;
  attach(approvalId: string, set: Partial<Pick<ApprovalRequest, 'chat' | 'ticketId'>>): Promise<void>;
  /** Durable before the workflow hears of it. `duplicate` when this decisionId, or this person's same verdict on this approval, is already there. */
  recordDecision(decision: Decision): Promise<'recorded' | 'duplicate'>;
  decisionsOn(approvalId: string): Promise<readonly Decision[]>;
}

export interface LedgerStore {
  /** Entry that still binds at `at`, or null. */
  live(assetKeys: readonly string[], at: string): Promise<ReadonlyMap<string, LedgerEntry>>;
  put(entry: LedgerEntry): Promise<void>;
}

export interface RemediationStore {
  upsert(document: Partial<RemediationDocument> & Pick<RemediationDocument, 'remediationId'>): Promise<void>;
  get(remediationId: string): Promise<RemediationDocument | null>;
  list(filter?: {
    stage?: string;
    outcome?: string;
    accountId?: string;
    limit?: number;
  }): Promise<readonly RemediationDocument[]>;
}

/** Blast radius: counted before acting, released only if the cloud was provably not called. */
export interface BudgetStore {
  /** Atomic and idempotent by reservationId. Never exceeds a limit, whoever races. `used` is the count before this one. */
  reserve(request: {
    reservationId: string;
    scopes: readonly { scope: string; limit: number }[];
    at: string;
  }): Promise<{ granted: boolean; exceeded: string | null; used: Readonly<Record<string, number>> }>;
  release(reservationId: string): Promise<void>;
}

export interface SettingsStore {
  killSwitch(): Promise<{ on: boolean; by: string | null; at: string | null }>;
  setKillSwitch(state: { on: boolean; by: string; at: string }): Promise<void>;
  /** Overrides of the configured phase, most specific first. */
  phase(accountId: string, region: string): Promise<Phase | null>;
  setPhase(entry: { accountId: string; region: string | null; phase: Phase; by: string; at: string }): Promise<void>;
}

export interface SweepStore {
  begin(sweepId: string, at: string): Promise<void>;
  addCounts(sweepId: string, partition: string, page: number, counts: SweepCounts): Promise<void>;
  /** Sums over partitions and pages; a page counted twice by a retry counts once. */
  totals(sweepId: string): Promise<SweepCounts | null>;
  latest(): Promise<{ sweepId: string; startedAt: string } | null>;
  /** At most so many, newest first. */
  recent(most: number): Promise<readonly { sweepId: string; startedAt: string }[]>;
  /** Returns how many of them no other page had met before: `metBy` names this page, and asking again says the same. */
  quarantine(entries: readonly QuarantineEntry[], metBy: string): Promise<number>;
  quarantined(sweepId: string): Promise<readonly QuarantineEntry[]>;
}

export interface CacheStore {
  get(key: string): Promise<unknown | null>;
  put(key: string, value: unknown, expiresAt: string): Promise<void>;
  /**
   * Takes a delivery for as long as the lease runs, by one taker at a time. It is remembered as seen only once it is `done`: a
   * taker that dies or fails leaves it to be taken again.
   */
  claim(key: string, leaseUntil: string): Promise<Claim>;
}

export type Claim =
  | {
      readonly state: 'taken';
      /** It was handled: whoever claims it until then finds `done`. */
      done(until: string): Promise<void>;
      /** It was not handled: it may be taken again at once. */
      release(): Promise<void>;
    }
  /** Somebody is at it. */
  | { readonly state: 'running' }
  | { readonly state: 'done' };

/** Idlewise's records. One implementation: MongoDB. Throws ProviderError. */
export interface Store {
  readonly assets: AssetStore;
  readonly opportunities: OpportunityStore;
  readonly cases: CaseStore;
  readonly approvals: ApprovalStore;
  readonly ledger: LedgerStore;
  readonly remediations: RemediationStore;
  readonly budgets: BudgetStore;
  readonly settings: SettingsStore;
  readonly sweeps: SweepStore;
  readonly cache: CacheStore;
  check(): Promise<string>;
  close(): Promise<void>;
}
