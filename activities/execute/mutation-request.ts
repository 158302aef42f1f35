import type { Config } from '../../config/schema.ts';
import type { MutationRequest } from '../../ports/policy.ts';
import type { CmdbRecord } from '../../schemas/cmdb.ts';
import { digestOf } from '../../schemas/digest.ts';
import type { ExecuteInput } from '../contracts.ts';
import type { SettingsInForce } from '../shared/settings-in-force.ts';
import type { Authority } from './authority.ts';
import { type TimeGates, timeGates } from './change-times.ts';
import type { Dossier } from './dossier.ts';
import type { JudgedNow } from './judge-now.ts';

export interface RequestParts {
  readonly input: ExecuteInput;
  readonly dossier: Dossier;
  readonly asset: MutationRequest['asset'];
  readonly judged: JudgedNow;
  /** The CMDB's record, read just now. */
  readonly cmdb: CmdbRecord | null;
  readonly authority: Authority;
  readonly budget: MutationRequest['budget'];
  readonly now: Date;
  readonly stateDigestMatches: boolean;
  /** This executor noted that the first phase ended with every snapshot verified. */
  readonly snapshotsPrepared: boolean;
}

/** Everything the policies look at for one step, read just now; and when the clock allows it. */
export async function mutationRequest(
  { config, settings }: { readonly config: Config; readonly settings: SettingsInForce },
  parts: RequestParts,
): Promise<{ readonly request: MutationRequest; readonly gates: TimeGates }> {
  const { input, dossier, asset, judged, cmdb, authority, budget, now, stateDigestMatches } = parts;
  const { plan, document, approval } = dossier;
  const waits = config.policy.waits;
  const validUntil =
    (authority.decidedAtMs ?? 0) + waits.approvalValidFor + (input.step === 'complete' ? waits.hold : 0);
  const [killSwitch, phase] = await Promise.all([settings.killSwitch(), settings.phase(plan)]);
  const posture = document.record.posture;
  const gates = timeGates(config.policy, cmdb, now);
  const request: MutationRequest = {
    action: plan.action,
    executor: `executor-${plan.accountId}`,
    asset,
    phase,
    budget,
    stateDigestMatches,
    risk: judged.risk,
    confidence: judged.confidence,
    killSwitch: killSwitch.on,
    inFreeze: gates.inFreeze,
    inWindow: gates.inWindow,
    approvers: authority.approvers,
    // The policy alone decides only where no person did: one press and a claim that the policy agrees are one press.
    requiredApprovals: authority.automated && authority.approvers.length === 0 ? 0 : judged.requiredApprovals,
    requester: approval.requesterSubject,
    planDigestMatches: digestOf(plan) === input.planDigest && (authority.automated || authority.approvers.length > 0),
    now: Math.floor(now.getTime() / 1000),
    approvalExpiresAt: Math.floor(validUntil / 1000),
    // The first phase of a destructive plan asks whether the whole plan would be allowed, supposing its snapshots verify:
    // stopping what could never be finished helps nobody. The second phase asks with what was really verified.
    snapshotVerified: input.step === 'apply' ? true : parts.snapshotsPrepared,
    openIncident: (cmdb?.openIncidents.length ?? 0) > 0,
    // A posture nobody knows may hide the evidence of a break-in: destroy nothing then.
    knownExploitedExposed:
      posture === null ||
      (posture.internetExposed !== false && posture.findings.some((f) => f.cve?.known_exploited === true)),
    dataFresh: now.getTime() - Date.parse(document.createdAt) < waits.expiry + waits.approvalValidFor + waits.hold,
  };
  return { request, gates };
}
