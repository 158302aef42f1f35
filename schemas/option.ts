import { z } from 'zod';
import { ACTION_NAMES } from './actions.ts';
import { ResourceType } from './asset.ts';
import { Money } from './money.ts';

/** What can be done to an asset; schemas/actions.ts says what each is. */
export const ActionName = z.enum(ACTION_NAMES);
export type ActionName = z.infer<typeof ActionName>;

export const Reversibility = z.enum(['reversible', 'restorable', 'irreversible']);
export type Reversibility = z.infer<typeof Reversibility>;

/** One way to act, as shown to a person. Every number in it was computed in code. */
export const Option = z.object({
  optionId: ActionName,
  label: z.string(),
  reversibility: Reversibility,
  /** Net of what stays (disks, snapshots, addresses) and of commitments, per month of 730 h. Null: unknown. */
  monthlySaving: Money.nullable(),
  /** `billed` came from a bill; `list-price` is an estimate that never opens automation. Null: unknown. */
  savingBasis: z.enum(['billed', 'list-price']).nullable().default(null),
  savingNote: z.string(),
  riskOfActing: z.number().int().min(0).max(100),
  steps: z.array(z.string()),
  command: z.string(),
  terraform: z.string(),
  rollback: z.string(),
  /** Reasons why this option is offered but the policy would refuse it now; empty when it could run. */
  blockers: z.array(z.string()),
  parameters: z.record(z.string(), z.string()),
});
export type Option = z.infer<typeof Option>;

/** The chosen option, made exact. `planDigest` = SHA-256 of the RFC 8785 canonical JSON of this object. */
export const Plan = z.object({
  version: z.literal(1),
  remediationId: z.string(),
  assetKey: z.string(),
  accountId: z.string(),
  region: z.string(),
  resourceType: ResourceType,
  resourceId: z.string(),
  ruleId: z.string(),
  action: ActionName,
  /** e.g. `{ currentInstanceType: "t3.large", targetInstanceType: "t3.small" }`; the way back needs the current type. */
  parameters: z.record(z.string(), z.string()),
  /** SHA-256 of the facts the plan depends on; see domain/state-facts.ts. */
  stateDigest: z.string(),
  expectedMonthlySaving: Money.nullable(),
  reversibility: Reversibility,
  requiredApprovals: z.number().int().min(1).max(2),
  rollback: z.string(),
  createdAt: z.string(),
});
export type Plan = z.infer<typeof Plan>;
