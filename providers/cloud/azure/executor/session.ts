import { sha256 } from '../../../../schemas/digest.ts';
import { isProviderError } from '../../../../ports/errors.ts';
import { CallRefused } from '../../shared/executor/halt.ts';
import type { PlanCall } from '../../shared/executor/run-plan.ts';
import type { AzureClients, AzureSession } from '../clients.ts';
import type { AzureScope } from './context.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Clients with a token of their own, made for one call and forgotten after it, under the app registration whose role fits. Azure
 * has no session policies: the role bounds the call, the trail names it. The log learns whose token it was and its id in the
 * sign-in log, never the token.
 * @throws CallRefused when the identity is refused, ProviderError otherwise
 */
export async function issueSession(
  clients: AzureClients,
  call: PlanCall & { readonly step: string; readonly scope: AzureScope },
): Promise<AzureSession> {
  const { plan, identity, log, step, scope } = call;
  const correlationId = correlationOf(identity.decisionId);
  const { session, token, expiresAt } = await clients
    .changing({
      subscriptionId: plan.accountId,
      role: scope.role,
      headers: {
        // The activity log keeps this one with every event of the request.
        'x-ms-correlation-request-id': correlationId,
        'x-ms-client-request-id': correlationOf(`${identity.decisionId}/${step}`),
      },
    })
    .catch((error: unknown) => {
      if (isProviderError(error, 'unauthorised'))
        throw new CallRefused(step, { code: 'TokenRefused', message: error.message, denied: true });
      throw error;
    });
  const { appid, oid, uti } = claimsOf(token);
  await log.credentialsIssued({
    step,
    role: scope.role,
    subscriptionId: plan.accountId,
    appId: appid,
    objectId: oid,
    tokenId: uti,
    expiresAt: expiresAt.toISOString(),
    correlationId,
    action: scope.action,
    resources: scope.resources,
  });
  return session;
}

/** Azure takes a UUID only; a decision id that is none is turned into one that anybody can compute again. */
export function correlationOf(text: string): string {
  if (UUID.test(text)) return text.toLowerCase();
  const digest = sha256(text);
  const variant = ((Number.parseInt(digest.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(18, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}

type Claims = Record<'appid' | 'oid' | 'uti', string | null>;

/** Which app the token is of and its id; what it says is only written down, never trusted. */
function claimsOf(token: string): Claims {
  let claims: Record<string, unknown> = {};
  try {
    claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<
      string,
      unknown
    >;
  } catch {
    // A token need not be readable to be used.
  }
  const text = (key: string) => (typeof claims[key] === 'string' ? claims[key] : null);
  return { appid: text('appid'), oid: text('oid'), uti: text('uti') };
}
