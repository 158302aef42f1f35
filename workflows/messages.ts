import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Decision, DecisionAnswer } from '../schemas/decision.ts';
import type { RemediationStatus, SweepSummary } from '../schemas/workflow-io.ts';

/** Typed answer while a worker runs; its `updateId` is the decision id. */
export const decide = defineUpdate<DecisionAnswer, [Decision]>('decide');

/** The same decision, durable in the server, for when no worker can accept an Update. */
export const decisionSignal = defineSignal<[Decision]>('decision');

export const remediationStatus = defineQuery<RemediationStatus>('status');

/** Progress of a sweep or of one partition. */
export const sweepProgress = defineQuery<SweepSummary>('progress');

/** The ticket was ended in the ticket system; whoever sends this has read it there, and the run believes no webhook. */
export const ticketEndedSignal = defineSignal<[{ readonly by: string; readonly state: string }]>('ticketEnded');

/** Calls an approved change off while it is held between its two phases; the argument is who did. */
export const withdrawSignal = defineSignal<[string]>('withdraw');
