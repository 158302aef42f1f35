import type { Option } from '../schemas/option.ts';
import type { RiskAssessment } from '../schemas/risk.ts';
import type { TicketRef } from '../schemas/ticket.ts';

/** What a person is shown when asked. Untrusted text is escaped by the adapter. */
export interface ApprovalCard {
  readonly approvalId: string;
  readonly round: number;
  readonly assetName: string;
  /** What the asset looks like, as an adjective. @default 'idle' */
  readonly finding?: string;
  readonly assetKey: string;
  readonly accountName: string;
  readonly region: string;
  readonly environment: string;
  readonly owner: string;
  readonly monthlyCost: string;
  readonly verdictLine: string;
  readonly risk: Pick<RiskAssessment, 'score' | 'level' | 'reasonCodes' | 'questions' | 'summary' | 'assessor'>;
  readonly options: readonly (Option & { planDigest: string; requiredApprovals: number; oneClick: boolean })[];
  readonly recommended: string | null;
  readonly ticket: TicketRef | null;
  readonly runUrl: string | null;
  readonly expiresAt: string;
}

export interface MessageRef {
  readonly channel: string;
  readonly messageTs: string;
}

/** The approval channel. Throws ProviderError. */
export interface ChatPort {
  readonly vendor: string;
  /** Posts the card once per approval id, even when retried, and returns where it is. */
  postApproval(card: ApprovalCard, target: { ownerSubject: string }): Promise<MessageRef>;
  /** Replaces the buttons by who decided what and when. Idempotent. */
  replaceWithDecision(ref: MessageRef, text: { headline: string; detail: string }): Promise<void>;
  /** Adds a line to the message's thread unless one carrying `marker` is there. */
  postToThread(ref: MessageRef, line: { marker: string; text: string }): Promise<void>;
  check(): Promise<string>;
}
