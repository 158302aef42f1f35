import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../ports/errors.ts';
import type { VendorHints } from '../http/failure.ts';

export const VENDOR = 'azure-auth';
export const OPERATION = 'oauth2/v2.0/token';

/** Reasons of the token endpoint that a person can mend, by AADSTS number. */
const FIXES: Readonly<Record<number, string>> = {
  7000215: 'the client secret is wrong; store the secret’s value, not its id',
  7000222: 'the client secret has expired; create a new one and store it',
  700016: 'the application is not in this tenant; check clientId and tenantId',
  90002: 'the tenant was not found; check tenantId',
  900023: 'tenantId is no tenant id or domain',
  70011: 'the scope is not known to this tenant',
  500011: 'the resource of the scope is not in this tenant',
};

/** What was set up a moment ago is not known everywhere in Entra ID: the application, its secret, its tenant. */
const NEW_HERE: ReadonlySet<number> = new Set([7000215, 700016, 90002]);

const Refusal = z.object({
  error: z.string().catch('unknown'),
  error_codes: z.array(z.number()).catch([]),
});

/** What the token endpoint does its own way. The description is left out: it repeats ids and sometimes the request. */
export const HINTS: VendorHints = {
  provider: VENDOR,
  said(body) {
    const { error, error_codes } = Refusal.safeParse(body).data ?? {};
    if (error === undefined) return null;
    const numbers = (error_codes ?? []).map((code) => `AADSTS${code}`);
    return [error.slice(0, 60), ...numbers].join(', ');
  },
  kind: ({ status }) => (status >= 400 && status < 404 ? Kind.Unauthorised : status === 404 ? Kind.Terminal : null),
  fix({ status, said }) {
    if (status === 429) return 'too many token requests';
    const known = codesIn(said).find((code) => FIXES[code] !== undefined);
    if (known !== undefined) return FIXES[known] ?? null;
    return status >= 400 && status < 500 ? 'check tenantId, clientId and clientSecret' : null;
  },
};

/** Whether a refusal of the token endpoint may pass: what is new there, and a refusal without a reason of its own. */
export function isPassing(status: number | undefined, message: string): boolean {
  const codes = codesIn(message);
  if (codes.length > 0) return codes.some((code) => NEW_HERE.has(code));
  return status === 404 || status === 409 || status === 400;
}

function codesIn(text: string): number[] {
  return [...text.matchAll(/AADSTS(\d+)/g)].map((match) => Number(match[1]));
}
