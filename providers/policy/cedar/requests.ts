import { z } from 'zod';
import { Phase } from '../../../schemas/phase.ts';
import { Environment } from '../../../schemas/asset.ts';
import { ActionName } from '../../../schemas/option.ts';
import type { HumanRequest, MutationRequest } from '../../../ports/policy.ts';

const Percent = z.number().int().min(0).max(100);
const Seconds = z.number().int().nonnegative();
const Count = z.number().int().nonnegative();
const Used = z.tuple([Count, Count]);
const Id = z.string().min(1);

const Asset = z.strictObject({
  assetKey: Id,
  environment: Environment,
  accountId: Id,
  owner: z.string(),
  tags: z.array(z.string()),
  managedBy: Id,
  autoScaled: z.boolean(),
  tagSetters: z.strictObject({ known: z.boolean(), subjects: z.array(Id) }),
});

/** The port's types again, for run time: a request that lies about its types must end in no, not in a skipped rule. */
export const MutationRequestShape = z.strictObject({
  action: ActionName,
  executor: Id,
  asset: Asset,
  phase: Phase,
  risk: Percent,
  confidence: Percent,
  killSwitch: z.boolean(),
  inFreeze: z.boolean(),
  inWindow: z.boolean(),
  approvers: z.array(Id),
  requiredApprovals: Count,
  requester: Id.nullable(),
  planDigestMatches: z.boolean(),
  stateDigestMatches: z.boolean(),
  now: Seconds,
  approvalExpiresAt: Seconds,
  budget: z.strictObject({ run: Used, day: Used, ownerDay: Used }),
  snapshotVerified: z.boolean(),
  openIncident: z.boolean(),
  knownExploitedExposed: z.boolean(),
  dataFresh: z.boolean(),
}) satisfies z.ZodType<MutationRequest>;

export const HumanRequestShape = z.strictObject({
  verb: z.enum(['approve', 'reject', 'snooze']),
  subject: Id,
  groups: z.array(Id),
  asset: Asset,
  requester: Id.nullable(),
  now: Seconds,
  approvalExpiresAt: Seconds,
}) satisfies z.ZodType<HumanRequest>;

export const AdminRequestShape = z.strictObject({
  verb: z.enum(['SetPhase', 'SetPolicy', 'KillSwitch']),
  subject: Id,
  groups: z.array(Id),
  twoPerson: z.boolean(),
});
export type AdminRequest = z.infer<typeof AdminRequestShape>;
