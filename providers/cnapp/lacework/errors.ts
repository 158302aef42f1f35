import { z } from 'zod';
import {
  ProviderErrorKind as Kind,
  ProviderError,
  type ProviderErrorKind,
  type ProviderErrorOptions,
} from '../../../ports/errors.ts';
import type { VendorHints } from '../../http/failure.ts';

export const VENDOR = 'lacework';
/** The least time to wait when the vendor does not say how long. */
export const UNSTATED_WAIT_MS = 60_000;
export const TOKEN_OPERATION = 'access/tokens';

export function failure(operation: string, kind: ProviderErrorKind, message: string): ProviderError {
  return failureWith({ operation, kind, message });
}

/** The same with status, waiting time or cause. */
export function failureWith(options: Omit<ProviderErrorOptions, 'provider'>): ProviderError {
  return new ProviderError({ provider: VENDOR, ...options });
}

const Text = z.string().optional().catch(undefined);
const Said = z.object({
  message: Text,
  data: z.object({ message: Text, statusMessage: Text, ErrorMsg: Text }).optional().catch(undefined),
});

/** What Lacework does its own way; `resetHeader` says when the hourly budget begins anew. */
export function hintsOf(resetHeader: string): VendorHints {
  return {
    provider: VENDOR,
    unstatedWaitMs: UNSTATED_WAIT_MS,
    waitHeaders: { names: [resetHeader] },
    said(body) {
      const { message, data } = Said.safeParse(body).data ?? {};
      return (message ?? data?.message ?? data?.statusMessage ?? data?.ErrorMsg ?? '').slice(0, 200);
    },
    kind({ status, operation, said }) {
      // The API answers unknown paths with 403 too, and says so in words; a refused key comes as 400, 401 or 403.
      if (status === 403 && /unrecognized url/i.test(said)) return Kind.Terminal;
      return operation === TOKEN_OPERATION && status === 400 ? Kind.Unauthorised : null;
    },
    fix({ status, operation, said, needs }) {
      if (operation === TOKEN_OPERATION && [400, 401, 403].includes(status))
        return 'no token was given; check cnapp.lacework.keyId, secret and apiUrl';
      if (status === 401) return 'the token was refused; check cnapp.lacework.keyId and secret';
      if (status === 403 && /unrecognized url/i.test(said))
        return 'the path is unknown there; check cnapp.lacework.apiUrl';
      if (status === 403) return `the role of the API key may not ${needs}; allow it, or check subAccount`;
      if (status === 404) return 'there is no such thing';
      if (status === 429) return 'too many requests in this hour; lower cnapp.lacework.requestsPerHour';
      return status >= 400 && status < 500 ? 'the request was not accepted; check cnapp.lacework.names' : null;
    },
  };
}
