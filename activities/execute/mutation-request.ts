import { cmdbRecordIn } from '../../ports/cmdb.ts';
import type { MutationRequest } from '../../ports/policy.ts';
import { digestOf } from '../../schemas/digest.ts';
import type { ExecuteInput } from '../contracts.ts';
import { currentPhase } from '../shared/current-phase.ts';
import type { Authority } from './authority.ts';
import { type TimeGates, timeGates } from './change-times.ts';
import type { Dossier } from './dossier.ts';
import type { ExecuteDeps } from './execute-change.ts';

export interface RequestParts {
  readonly input: ExecuteInput;
  readonly dossier: Dossier;
  readonly asset: MutationRequest['asset'];
  readonly authority: Authority;
  readonly budget: MutationRequest['budget'];
  readonly now: Date;
  readonly stateDigestMatches: boolean;
}

/** Everything the policies look at for one step, read just now; and when the clock allows it. */
export async function mutationRequest(
  deps: Pick<ExecuteDeps, 'config' | 'store' | 'cmdb'>,
  parts: RequestParts,
): Promise<{ readonly request: MutationRequest; readonly gates: TimeGates }> {
  const { input, dossier, asset, authority, budget, now, stateDigestMatches } = parts;
  const { plan, document, approval } = dossier;
  const waits = deps.config.policy.waits;
  const validUntil =
    (authority.decidedAtMs ?? 0) + waits.approvalValidFor + (input.step === 'complete' ? waits.hold : 0);
  const [killSwitch, phase, cmdb] = await Promise.all([
    deps.store.settings.killSwitch(),
    currentPhase(deps.config, deps.store, plan),
    deps.cmdb.lookup([plan.resourceId]),
  ]);
  const posture = document.record.posture;
  const item = cmdbRecordIn(deps.cmdb, cmdb, plan.resourceId) ?? null;
  const gates = timeGates(deps.config.policy, item, now);
  const request: MutationRequest = {
    action: plan.action,
    executor: `executor-${plan.accountId}`,
    asset,
    phase,
    budget,
    stateDigestMatches,
    risk: document.risk?.score ?? 100,
    confidence: document.risk?.vetoed ? 0 : (document.risk?.confidence ?? 0),
    killSwitch: killSwitch.on,
    inFreeze: gates.inFreeze,
    inWindow: gates.inWindow,
    approvers: authority.approvers,
    requester: approval.requesterSubject,
    planDigestMatches: digestOf(plan) === input.planDigest && (authority.automated || authority.approvers.length > 0),
    now: Math.floor(now.getTime() / 1000),
    approvalExpiresAt: Math.floor(validUntil / 1000),
    // The first phase of a destructive plan asks whether the whole plan would be allowed, supposing its snapshots verify:
    // stopping what could never be finished helps nobody. The second phase asks with what was really verified.
    snapshotVerified: input.step === 'apply' ? true : dossier.snapshotsPrepared,
    openIncident: (item?.openIncidents.length ?? 0) > 0,
    // A posture nobody knows may hide the evidence of a break-in: destroy nothing then.
    knownExploitedExposed:
      posture === null ||
      (posture.internetExposed !== false && posture.findings.some((f) => f.cve?.known_exploited === true)),
    dataFresh: now.getTime() - Date.parse(document.createdAt) < waits.expiry + waits.approvalValidFor + waits.hold,
  };
  return { request, gates };
}
