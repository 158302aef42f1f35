import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../ports/errors.ts';
import { authError } from './errors.ts';

/** The parts of a service-account key file that are used. */
export const ServiceAccount = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(3),
  private_key: z.string().min(1),
  private_key_id: z.string().optional(),
  token_uri: z.url().optional(),
});
export type ServiceAccount = z.infer<typeof ServiceAccount>;

/** Longest the service accepts. */
const LIFE_SECONDS = 3600;

/** @throws ProviderError terminal, naming the field and never quoting the text */
export function parseServiceAccount(text: string): ServiceAccount {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw authError(Kind.Terminal, 'credentials is not JSON; store the key file of a service account as it is');
  }
  const parsed = ServiceAccount.safeParse(raw);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || '(top)';
  throw authError(Kind.Terminal, `credentials has no usable ${field}; store the key file of a service account`);
}

/**
 * The signed statement that a token is asked for with. `audience` is the token endpoint as the vendor names it.
 * @throws ProviderError terminal when the key is none
 */
export async function assertionOf(
  account: ServiceAccount,
  claims: { readonly scope: string; readonly audience: string; readonly now: number },
): Promise<string> {
  const key = await importPKCS8(account.private_key, 'RS256').catch(() => {
    throw authError(Kind.Terminal, 'credentials.private_key is no PKCS#8 RSA key; create a new key and store its file');
  });
  const issuedAt = Math.floor(claims.now / 1000);
  const header = { alg: 'RS256', typ: 'JWT', ...(account.private_key_id ? { kid: account.private_key_id } : {}) };
  return new SignJWT({ scope: claims.scope })
    .setProtectedHeader(header)
    .setIssuer(account.client_email)
    .setAudience(claims.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFE_SECONDS)
    .sign(key);
}
