import type { TicketRef, TicketStage } from '../schemas/ticket.ts';

export interface TicketDraft {
  /** Our operation id: the ticket is found again by it and never created twice. */
  readonly correlationId: string;
  readonly title: string;
  readonly description: string;
  readonly justification: string;
  readonly implementationPlan: string;
  readonly backoutPlan: string;
  readonly riskLevel: 'low' | 'medium' | 'high' | 'critical';
  readonly ciId: string | null;
  readonly assignmentGroup: string | null;
  readonly requestedFor: string | null;
}

export interface TicketStatus {
  readonly stage: TicketStage;
  /** The vendor's own word for the state. */
  readonly vendorState: string;
  readonly closedBy: string | null;
  /** Nobody has said what this state means: `stage` is only the vendor's own rough class of it. */
  readonly unmapped?: true;
}

/** A change record in the ticket system. Every write is idempotent. Throws ProviderError. */
export interface TicketPort {
  readonly vendor: string;
  /** Finds the ticket by correlation id or creates it; updates the texts in place when they differ. */
  ensure(draft: TicketDraft): Promise<TicketRef & { created: boolean }>;
  status(ref: Pick<TicketRef, 'id'>): Promise<TicketStatus>;
  /** Moves through as many vendor states as it takes, asking which are possible before each. Terminal when none leads there. */
  moveTo(ref: Pick<TicketRef, 'id'>, stage: Exclude<TicketStage, 'closed' | 'cancelled'>): Promise<TicketStatus>;
  /** Appends a work note unless one carrying `marker` is already there. */
  addNote(ref: Pick<TicketRef, 'id'>, note: { marker: string; text: string }): Promise<{ created: boolean }>;
  /** Ends the change with its outcome. A change that was never implemented is cancelled rather than closed. */
  close(
    ref: Pick<TicketRef, 'id'>,
    end: { result: 'successful' | 'successful-with-issues' | 'unsuccessful' | 'cancelled'; notes: string },
  ): Promise<TicketStatus>;
  check(): Promise<string>;
}
