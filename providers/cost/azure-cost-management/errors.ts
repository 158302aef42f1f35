import { z } from 'zod';
import { ProviderError, type ProviderErrorOptions } from '../../../ports/errors.ts';
import type { VendorHints } from '../../http/failure.ts';

export const VENDOR = 'azure-cost-management';

const ArmBody = z.object({
  error: z.object({ code: z.string().catch('no code'), message: z.string().catch('') }),
});

export function failure(options: Omit<ProviderErrorOptions, 'provider'>): ProviderError {
  return new ProviderError({ provider: VENDOR, ...options });
}

/** What the query operation does its own way. `needs` names the subscription. 401 comes here only after the token was renewed. */
export const HINTS: VendorHints = {
  provider: VENDOR,
  unstatedWaitMs: 30_000,
  // Several quotas may be used up at once: the one that takes longest to come back decides.
  waitHeaders: { pattern: /^x-ms-ratelimit-microsoft\.costmanagement-.*-retry-after$/ },
  said(body) {
    const { error } = ArmBody.safeParse(body).data ?? {};
    return error ? `${error.code} ${error.message.slice(0, 200)}`.trim() : null;
  },
  fix({ status, needs }) {
    if (status === 429) return `the quota of queries is used up on ${needs}; ask for fewer subscriptions at a time`;
    if (status === 401) return `a fresh token was refused on ${needs}; check the tenant`;
    if (status === 403) return `give the application the role Cost Management Reader on ${needs}`;
    if (status === 404) return `${needs} is not in this tenant, or not visible to the application`;
    if (status === 422) return `the offer of ${needs} may not be supported by Cost Management`;
    return status >= 400 && status < 500 ? `refused on ${needs}; check the settings` : null;
  },
};
