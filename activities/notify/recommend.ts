import { sha256 } from '../../schemas/digest.ts';
import type { RoutingPort } from '../../ports/routing.ts';
import type { CloseInput } from '../contracts.ts';
import { loadCase } from '../shared/load-case.ts';
import type { AskDeps } from './ask-for-decision.ts';

/**
 * Hands what was only observed to the platform team's pipeline, as a recommendation without a plan: nobody has approved
 * anything, and the receiver can see that.
 */
export async function recommend(
  deps: Pick<AskDeps, 'store' | 'clock'>,
  routing: RoutingPort,
  input: CloseInput,
): Promise<void> {
  if (input.caseId === null) return;
  const document = await loadCase(deps.store, input.caseId);
  const action = document.recommended;
  if (action === null) return;
  const handoverId = `idw-${sha256(`${input.remediationId}/${input.caseId}`).slice(0, 32)}`;
  if ((await routing.find(handoverId)) !== null) return;
  const { assetKey, accountId, region } = document.record.asset;
  await routing.send({
    version: 1,
    handoverId,
    kind: 'recommendation',
    step: 'apply',
    remediationId: input.remediationId,
    planDigest: null,
    decisionId: null,
    assetKey,
    accountId,
    region,
    action,
    parameters: document.options.find((o) => o.optionId === action)?.parameters ?? {},
    stateDigest: null,
    at: deps.clock().toISOString(),
  });
}
