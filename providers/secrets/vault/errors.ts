import { ProviderErrorKind as Kind, ProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import type { HttpAnswer } from '../../http/exchange.ts';
import { failureOf, type VendorHints } from '../../http/failure.ts';

/** Vault's own error texts are never passed on: some versions quote what was sent. */
export function vaultError(
  operation: string,
  kind: ProviderErrorKind,
  message: string,
  more: { readonly status?: number; readonly retryAfterMs?: number } = {},
): ProviderError {
  return new ProviderError({ provider: 'vault', operation, kind, message, ...more });
}

/** What its statuses say to whoever reads the log (https://developer.hashicorp.com/vault/api-docs#http-status-codes). */
const MEANING: Readonly<Record<number, { readonly fix: string; readonly kind?: Kind }>> = {
  400: { fix: 'the request was refused as invalid; check the reference and the role it names' },
  403: { fix: "permission denied; the AppRole's policy must allow this path" },
  404: { fix: 'nothing is there; check mount and path' },
  412: { fix: 'Vault cannot answer now', kind: Kind.Unavailable },
  429: { fix: 'rate limited' },
  472: { fix: 'this node is a standby; point secrets.vault.address at the active one', kind: Kind.Unavailable },
  473: { fix: 'this node is a standby; point secrets.vault.address at the active one', kind: Kind.Unavailable },
  501: { fix: 'Vault is not initialised; run vault operator init' },
  503: { fix: 'Vault is sealed or in maintenance; unseal it' },
};

export const HINTS: VendorHints = {
  provider: 'vault',
  unstatedWaitMs: 5_000,
  kind: ({ status }) => MEANING[status]?.kind ?? (status >= 300 && status < 400 ? Kind.Unavailable : null),
  fix({ status }) {
    if (status >= 300 && status < 400)
      return 'it redirects to another node; point secrets.vault.address at the active one';
    return MEANING[status]?.fix ?? (status < 500 ? 'an answer Vault does not promise' : 'Vault cannot answer now');
  },
};

/** The error for an answer that was expected and is not wanted after all. */
export function vaultStatusError(operation: string, status: number): ProviderError {
  const answer: HttpAnswer = { status, headers: new Headers(), text: '' };
  return failureOf(HINTS, answer, { operation, now: 0 });
}
