import { ProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';

/** Vault's own error texts are never passed on: some versions quote what was sent. */
export function vaultError(
  operation: string,
  kind: ProviderErrorKind,
  message: string,
  more: { readonly status?: number; readonly retryAfterMs?: number } = {},
): ProviderError {
  return new ProviderError({ provider: 'vault', operation, kind, message, ...more });
}

const DEFAULT_RETRY_AFTER_MS = 5000;

/** What a status means to whoever reads the log. */
export function vaultStatusError(operation: string, status: number, retryAfter?: number): ProviderError {
  const of = (kind: ProviderErrorKind, message: string) =>
    vaultError(operation, kind, `HTTP ${status}: ${message}`, {
      status,
      ...(kind === 'retry-after'
        ? { retryAfterMs: retryAfter === undefined ? DEFAULT_RETRY_AFTER_MS : retryAfter * 1000 }
        : {}),
    });
  switch (status) {
    case 400:
      return of('terminal', 'the request was refused as invalid; check the reference and the role it names');
    case 403:
      return of('unauthorised', "permission denied; the AppRole's policy must allow this path");
    case 404:
      return of('not-found', 'nothing is there; check mount and path');
    case 429:
      return of('retry-after', 'rate limited');
    case 472:
    case 473:
      return of('unavailable', 'this node is a standby; point secrets.vault.address at the active one');
    case 501:
      return of('unavailable', 'Vault is not initialised; run vault operator init');
    case 503:
      return of('unavailable', 'Vault is sealed or in maintenance; unseal it');
    default:
      if (status >= 300 && status < 400)
        return of('unavailable', 'it redirects to another node; point secrets.vault.address at the active one');
      return status === 412 || status >= 500
        ? of('unavailable', 'Vault cannot answer now')
        : of('terminal', 'an answer Vault does not promise');
  }
}
