import { isProviderError } from '../../../../ports/errors.ts';
import { CallRefused } from '../../shared/executor/halt.ts';
import type { PlanCall } from '../../shared/executor/run-plan.ts';
import type { GcpClients, GcpSession } from '../clients.ts';
import type { GcpScope } from './context.ts';

/** Kept with the request in the audit log, as `requestAttributes.reason`. */
const REASON = 'x-goog-request-reason';

/**
 * Clients with a token of their own, made for one call and forgotten after it, of the service account whose role fits and for
 * the one API that is called. The log learns whose token it was and until when, never the token.
 * @throws CallRefused when the identity is refused, ProviderError otherwise
 */
export async function issueSession(
  clients: GcpClients,
  call: PlanCall & { readonly step: string; readonly scope: GcpScope },
): Promise<GcpSession> {
  const { plan, identity, log, step, scope } = call;
  const reason = `idlewise ${identity.decisionId} ${step}`.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
  const { session, serviceAccount, expiresAt } = await clients
    .changing({ projectId: plan.accountId, role: scope.role, api: scope.api, headers: { [REASON]: reason } })
    .catch((error: unknown) => {
      if (isProviderError(error, 'unauthorised') || isProviderError(error, 'not-found'))
        throw new CallRefused(step, { code: 'TokenRefused', message: error.message, denied: true });
      throw error;
    });
  await log.credentialsIssued({
    step,
    role: scope.role,
    api: scope.api,
    projectId: plan.accountId,
    serviceAccount,
    expiresAt: expiresAt.toISOString(),
    reason,
    action: scope.action,
    resources: scope.resources,
  });
  return session;
}
