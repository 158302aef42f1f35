import { z } from 'zod';
import { ProviderErrorKind as Kind, ProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import type { VendorHints } from '../../http/failure.ts';

export const VENDOR = 'teams';
export const TOKEN_OPERATION = 'token';

export function teamsError(
  kind: ProviderErrorKind,
  operation: string,
  more: { message: string; status?: number; retryAfterMs?: number; cause?: unknown },
): ProviderError {
  return new ProviderError({ kind, provider: VENDOR, operation, ...more });
}

const Problem = z.looseObject({
  error: z.union([z.string(), z.looseObject({ code: z.string() }).transform((error) => error.code)]),
});

/** What the connector and its token endpoint do their own way. Their messages may quote what was sent: only codes are told. */
export const HINTS: VendorHints = {
  provider: VENDOR,
  unstatedWaitMs: 5_000,
  said: (body) =>
    Problem.safeParse(body)
      .data?.error.replace(/[^\w.-]/g, '')
      .slice(0, 60) ?? null,
  kind({ operation, status }) {
    if (operation === TOKEN_OPERATION && status === 400) return Kind.Unauthorised;
    // The connector's "another write was under way": the same request may succeed next time.
    return status === 412 ? Kind.Unavailable : null;
  },
  fix({ operation, status }) {
    if (operation === TOKEN_OPERATION && (status === 400 || status === 401))
      return 'the bot may not sign in: check chat.teams.appId, appPassword and tenantId';
    if (status === 401)
      return "the connector does not take the bot's token: check chat.teams.appId, appPassword and tenantId";
    if (status === 403) return 'the app is not in chat.teams.conversationId: add it to that team';
    return null;
  },
};
