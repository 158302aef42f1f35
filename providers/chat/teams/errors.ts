import { z } from 'zod';
import { ProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';

/** A 429 that does not say how long to wait. */
const DEFAULT_WAIT_MS = 5_000;

export function teamsError(
  kind: ProviderErrorKind,
  operation: string,
  more: { message: string; status?: number; retryAfterMs?: number; cause?: unknown },
): ProviderError {
  return new ProviderError({ kind, provider: 'teams', operation, ...more });
}

const Problem = z.looseObject({
  error: z.union([z.string(), z.looseObject({ code: z.string(), message: z.string().optional() })]),
});

/** The connector's error code, or the token endpoint's; their messages may quote what was sent and are left out. */
function codeIn(text: string): string {
  try {
    const { error } = Problem.parse(JSON.parse(text));
    return (typeof error === 'string' ? error : error.code).replace(/[^\w.-]/g, '').slice(0, 60);
  } catch {
    return '';
  }
}

/** An answer outside 2xx as the caller has to see it. */
export function errorFromAnswer(
  operation: string,
  answer: { status: number; text: string; retryAfter: string | null },
): ProviderError {
  const { status } = answer;
  const code = codeIn(answer.text);
  const said = `HTTP ${status}${code ? ` ${code}` : ''}`;
  if (status === 429)
    return teamsError('retry-after', operation, { message: said, status, retryAfterMs: waitMs(answer.retryAfter) });
  // 412 is the connector's "another write was under way": the same request may succeed next time.
  if (status === 412 || status >= 500) return teamsError('unavailable', operation, { message: said, status });
  if (status === 401)
    return teamsError('unauthorised', operation, {
      status,
      message: `${said}; the connector does not take the bot's token: check chat.teams.appId, appPassword and tenantId`,
    });
  if (status === 403)
    return teamsError('unauthorised', operation, {
      status,
      message: `${said}; the app is not in chat.teams.conversationId: add it to that team`,
    });
  if (status === 404) return teamsError('not-found', operation, { message: said, status });
  return teamsError('terminal', operation, { message: said, status });
}

function waitMs(retryAfter: string | null): number {
  if (retryAfter === null) return DEFAULT_WAIT_MS;
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return Math.max(0, seconds) * 1000;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? DEFAULT_WAIT_MS : Math.max(0, at - Date.now());
}
