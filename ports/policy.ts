import type { Environment } from '../schemas/asset.ts';
import type { ActionName } from '../schemas/option.ts';
import type { TagSetters } from '../schemas/tag-setters.ts';

export type Phase = 'observe' | 'approve' | 'automate';

/** Everything the policies may look at for one mutation. All of it is required: unknown is stated, never left out. */
export interface MutationRequest {
  readonly action: ActionName;
  readonly executor: string;
  readonly asset: {
    readonly assetKey: string;
    readonly environment: Environment;
    readonly accountId: string;
    readonly owner: string;
    /** Tag keys and `key=value` pairs, lower case. */
    readonly tags: readonly string[];
    readonly managedBy: string;
    readonly autoScaled: boolean;
    readonly tagSetters: TagSetters;
  };
  readonly phase: Phase;
  readonly risk: number;
  readonly confidence: number;
  readonly killSwitch: boolean;
  readonly inFreeze: boolean;
  readonly inWindow: boolean;
  /** Distinct people whose authority was re-checked just now. */
  readonly approvers: readonly string[];
  /** Distinct people that must agree; 0 only where nobody approved and the policy alone decides. */
  readonly requiredApprovals: number;
  readonly requester: string | null;
  readonly planDigestMatches: boolean;
  readonly stateDigestMatches: boolean;
  /** Epoch seconds. */
  readonly now: number;
  readonly approvalExpiresAt: number;
  readonly budget: {
    readonly run: readonly [number, number];
    readonly day: readonly [number, number];
    readonly ownerDay: readonly [number, number];
  };
  readonly snapshotVerified: boolean;
  readonly openIncident: boolean;
  readonly knownExploitedExposed: boolean;
  readonly dataFresh: boolean;
}

export interface HumanRequest {
  readonly verb: 'approve' | 'reject' | 'snooze';
  readonly subject: string;
  readonly groups: readonly string[];
  readonly asset: MutationRequest['asset'];
  readonly requester: string | null;
  readonly now: number;
  readonly approvalExpiresAt: number;
}

/** A decision and the names of the policies that made it. Deny is the answer to every doubt. */
export interface PolicyDecision {
  readonly allow: boolean;
  /** Policy ids: the permits when allowed, the forbids when denied, or `no-permit`, `evaluation-error:…`. */
  readonly reasons: readonly string[];
  readonly policySetDigest: string;
  readonly schemaDigest: string;
  readonly requestDigest: string;
}

export interface PolicyPort {
  decideMutation(request: MutationRequest): PolicyDecision;
  decideHuman(request: HumanRequest): PolicyDecision;
  decideAdmin(request: {
    verb: 'SetPhase' | 'SetPolicy' | 'KillSwitch';
    subject: string;
    groups: readonly string[];
    twoPerson: boolean;
  }): PolicyDecision;
}
