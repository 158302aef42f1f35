import { z } from 'zod';
import { ActionName } from './option.ts';
import { Signature } from './signature.ts';
import { TagSetters } from './tag-setters.ts';
import { IsoInstant } from './time.ts';

/** `withdraw` calls an approved change off before anything is destroyed; the others answer an open request. */
export const DecisionKind = z.enum(['approve', 'reject', 'snooze', 'withdraw']);
export type DecisionKind = z.infer<typeof DecisionKind>;

/** A person as our directory knows them: two chat accounts of one person have one subject. */
export const Actor = z.object({
  subject: z.string().min(1),
  displayName: z.string(),
  via: z.enum(['slack', 'teams', 'cli', 'api', 'policy']),
  /** The id in the channel it came through, e.g. the Slack user id. */
  externalId: z.string(),
});
export type Actor = z.infer<typeof Actor>;

/**
 * Approve, reject or snooze, naming the exact plan: sent as the `decide` Update, or as the `decision` Signal. A withdrawal is
 * sent as the `withdraw` Signal.
 */
export const Decision = z
  .object({
    /** Unique per person, request and choice; doubles as the Update id. */
    decisionId: z.string().min(1).max(128),
    approvalId: z.string().min(1),
    remediationId: z.string().min(1),
    kind: DecisionKind,
    optionId: ActionName.nullable(),
    planDigest: z.string().nullable(),
    reason: z.string().max(1000).nullable(),
    snoozeUntil: IsoInstant.nullable(),
    actor: Actor,
    decidedAt: IsoInstant,
    /** Digest of the channel's request that said it; null where no request did. */
    requestHash: z.string().nullish(),
    /** By the process that authenticated the person, or by the person. Without one nothing is approved. */
    signature: Signature.nullish(),
  })
  .superRefine((d, ctx) => {
    if (d.kind === 'approve' && (d.optionId === null || d.planDigest === null))
      ctx.addIssue({
        code: 'custom',
        path: ['planDigest'],
        message: 'an approval must name the option and its plan digest',
      });
    if (d.kind === 'snooze' && d.snoozeUntil === null)
      ctx.addIssue({ code: 'custom', path: ['snoozeUntil'], message: 'a snooze must say until when' });
    if (d.kind === 'reject' && !d.reason)
      ctx.addIssue({ code: 'custom', path: ['reason'], message: 'a rejection must give a reason' });
  });
export type Decision = z.infer<typeof Decision>;

/** What is asked of people in one message. Stored before it is posted; buttons carry only its opaque id. */
export const ApprovalRequest = z.object({
  approvalId: z.string(),
  remediationId: z.string(),
  /** The case whose plans are asked about. */
  caseId: z.string().nullish(),
  runId: z.string(),
  round: z.number().int().min(1),
  assetKey: z.string(),
  accountId: z.string(),
  environment: z.string(),
  ownerSubject: z.string(),
  ownerTeam: z.string(),
  options: z.array(z.object({ optionId: ActionName, planDigest: z.string(), requiredApprovals: z.number().int() })),
  riskScore: z.number().int(),
  /** Who asked for this, by setting off the sweep that found it: may not approve. */
  requesterSubject: z.string().nullable(),
  /** People who set or removed tags of the asset: may not approve. Null or left out: nobody can say who they are. */
  tagSetters: TagSetters.nullish(),
  createdAt: IsoInstant,
  expiresAt: IsoInstant,
  status: z.enum(['open', 'decided', 'expired', 'superseded', 'cancelled']),
  /** Where it was posted, by channel kind. */
  chat: z.object({ channel: z.string(), messageTs: z.string() }).nullable(),
  ticketId: z.string().nullable(),
});
export type ApprovalRequest = z.infer<typeof ApprovalRequest>;

/** The typed answer to a decision. */
export const DecisionAnswer = z.object({
  accepted: z.boolean(),
  /** Present when refused, e.g. `expired`, `superseded`, `plan-digest-mismatch`, `already-decided`. */
  refusal: z.string().nullable(),
  approvalsCounted: z.number().int(),
  approvalsRequired: z.number().int(),
});
export type DecisionAnswer = z.infer<typeof DecisionAnswer>;
