import { ProviderErrorKind as Kind, ProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import type { HttpAnswer } from '../../http/exchange.ts';
import { jsonOf, spoken, type VendorHints } from '../../http/failure.ts';
import { GraphqlAnswer, RestError } from './wire.ts';

export const PROVIDER = 'cloudhealth';

/** How answers with status 200 say what others say by their status. The words are nowhere written down. */
const DOWN = /internal|time[d ]?-?out|unavailable|try again|too many/i;
const NOT_ALLOWED = /permission|forbidden|not allowed|access denied/i;
/** How a refused token reads; it is renewed once before it counts as an answer. */
const TOKEN_REFUSED =
  /unauthori[sz]ed|unauthenticated|not (authenticated|logged in)|invalid (access )?token|invalid api key|expired|jwt/i;

const NEW_KEY = 'make a new API key in CloudHealth and put it where cost.cloudhealth.apiKey points';
/** The REST API answers 403 to a bad key as well as to a missing permission. */
const FORBIDDEN = `let the key's user see reports of this organisation, or ${NEW_KEY}`;

/** What CloudHealth does its own way. */
export const HINTS: VendorHints = {
  provider: PROVIDER,
  said: (body) =>
    RestError.safeParse(body).data?.error ?? GraphqlAnswer.safeParse(body).data?.errors?.[0]?.message ?? null,
  fix: ({ status }) => (status === 401 ? NEW_KEY : status === 403 ? FORBIDDEN : null),
};

/** GraphQL answers 200 with the refusal in it. */
export function tokenRefused({ status, text }: HttpAnswer): boolean {
  return status === 401 || (status < 300 && TOKEN_REFUSED.test(firstError(text) ?? ''));
}

/** The error inside a good answer, or null. */
export function inside({ text }: HttpAnswer, { operation }: { operation: string }): ProviderError | null {
  const first = firstError(text);
  if (first === null) return null;
  const said = spoken(first);
  const failed = (kind: ProviderErrorKind, message: string) =>
    new ProviderError({ kind, provider: PROVIDER, operation, message });
  if (TOKEN_REFUSED.test(said)) return failed(Kind.Unauthorised, `${said}; ${NEW_KEY}`);
  if (NOT_ALLOWED.test(said)) return failed(Kind.Unauthorised, `${said}; ${FORBIDDEN}`);
  return failed(DOWN.test(said) ? Kind.Unavailable : Kind.Terminal, `refused (${said})`);
}

function firstError(text: string): string | null {
  return GraphqlAnswer.safeParse(jsonOf(text)).data?.errors?.[0]?.message ?? null;
}
