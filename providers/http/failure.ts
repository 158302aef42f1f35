import { ProviderErrorKind as Kind, ProviderError, type ProviderErrorOptions } from '../../ports/errors.ts';
import { AnswerTooLarge, DeadlinePassed, type HttpAnswer } from './exchange.ts';
import { type HeaderSource, type WaitHeaders, waitOf } from './wait.ts';

/** An answer outside 2xx, as the hints of a vendor look at it. */
export interface Refused extends HttpAnswer {
  readonly operation: string;
  /** The right the request needs, in words for a person; empty where it named none. */
  readonly needs: string;
  /** The body as JSON; undefined when it is none. */
  readonly body: unknown;
  /** What the vendor says in it, as its `said` reads it; empty when nothing. */
  readonly said: string;
}

/** What one vendor does its own way. Everything else is the same for all. */
export interface VendorHints {
  /** Vendor name in error messages. */
  readonly provider: string;
  /** The vendor's own words in the body of a refusal, without secrets and without what we sent; null when there are none. */
  said?(body: unknown, answer: HttpAnswer): string | null;
  /** What a person can do about it, as half a sentence with the setting or the right; null for the usual words. */
  fix?(refused: Refused): string | null;
  /** Whose fault it is, where the status alone does not say so. */
  kind?(refused: Refused): Kind | null;
  /** The error itself, where more is kept of a refusal than kind and words. @default a ProviderError */
  make?(options: ProviderErrorOptions, refused: Refused): ProviderError;
  /** Headers beside `Retry-After` that say when to come back. */
  readonly waitHeaders?: WaitHeaders;
  /** Wait after a refusal for the pace that does not say how long, in milliseconds. @default 10000 */
  readonly unstatedWaitMs?: number;
}

export const UNSTATED_WAIT_MS = 10_000;
const MOST_SAID = 300;

/** Whose fault a status is: ours to mend, the vendor's to mend, or nobody's and soon over. The same for every vendor. */
export function kindOfStatus(status: number): Kind {
  if (status === 429 || status === 425) return Kind.RetryAfter;
  if (status === 401 || status === 403 || status === 407) return Kind.Unauthorised;
  if (status === 404 || status === 410) return Kind.NotFound;
  if (status === 408 || status >= 500) return Kind.Unavailable;
  return Kind.Terminal;
}

/** Kind and waiting time of a refusal. One that is the vendor's fault and says when it is over is a `retry-after`. */
export function judge(
  status: number,
  headers: HeaderSource,
  how: { readonly now: number; readonly hints?: VendorHints; readonly kind?: Kind | null },
): Pick<ProviderErrorOptions, 'kind' | 'retryAfterMs'> {
  const { now, hints } = how;
  const kind = how.kind ?? kindOfStatus(status);
  if (kind !== Kind.RetryAfter && kind !== Kind.Unavailable) return { kind };
  const stated = waitOf(headers, now, hints?.waitHeaders);
  if (stated !== null) return { kind: Kind.RetryAfter, retryAfterMs: stated };
  return kind === Kind.Unavailable ? { kind } : { kind, retryAfterMs: hints?.unstatedWaitMs ?? UNSTATED_WAIT_MS };
}

/** The error for an answer outside 2xx. */
export function failureOf(
  hints: VendorHints,
  answer: HttpAnswer,
  request: { readonly operation: string; readonly needs?: string | undefined; readonly now: number },
): ProviderError {
  const refused = refusedOf(hints, answer, request);
  const { status, operation, said } = refused;
  const verdict = judge(status, answer.headers, { now: request.now, hints, kind: hints.kind?.(refused) ?? null });
  const fix = hints.fix?.(refused) ?? usual(verdict.kind, refused);
  const words = said === '' ? '' : ` (${said})`;
  const message = `HTTP ${status}${words}: ${fix}`;
  const all = { provider: hints.provider, operation, status, message, ...verdict };
  return hints.make?.(all, refused) ?? new ProviderError(all);
}

export function refusedOf(
  hints: VendorHints,
  answer: HttpAnswer,
  { operation, needs = '' }: { readonly operation: string; readonly needs?: string | undefined },
): Refused {
  const body = jsonOf(answer.text);
  const said = hints.said?.(body, answer) ?? '';
  return { ...answer, operation, needs, body, said: spoken(said) };
}

/** Capped and on one line: it may echo text that came from outside. */
export function spoken(said: string): string {
  return said
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .slice(0, MOST_SAID)
    .trim();
}

function usual(kind: Kind, { status, needs }: Refused): string {
  if (status >= 300 && status < 400) return 'redirects are not followed; check the configured address';
  switch (kind) {
    case Kind.RetryAfter:
      return 'too much was asked at once';
    case Kind.Unavailable:
      return 'the vendor cannot answer now';
    case Kind.Unauthorised:
      return needs === '' || status === 401
        ? 'the credentials were refused'
        : `the credentials must be allowed to ${needs}`;
    case Kind.NotFound:
      return 'not there, or not visible to us';
    case Kind.Malformed:
    case Kind.Terminal:
      return 'the request was not accepted';
  }
}

/** What the network did to an exchange. A ProviderError passes through. */
export function networkFailure(
  error: unknown,
  at: { readonly provider: string; readonly operation: string; readonly host: string },
): ProviderError {
  if (error instanceof ProviderError) return error;
  const { host, ...base } = at;
  const tooLarge = inChain(error, (e): e is AnswerTooLarge => e instanceof AnswerTooLarge);
  if (tooLarge)
    return new ProviderError({
      ...base,
      kind: Kind.Malformed,
      message: `${tooLarge.message}; check that ${host} is the API itself`,
    });
  const late = inChain(error, (e): e is DeadlinePassed => e instanceof DeadlinePassed);
  const what = late?.message ?? 'the connection failed or was cut';
  const code = inChain(error, (e): e is { code: string } => typeof (e as { code?: unknown }).code === 'string')?.code;
  const where = late || code === undefined ? host : `${host}, ${code}`;
  return new ProviderError({ ...base, kind: Kind.Unavailable, message: `${what} (${where})`, cause: error });
}

/** The first error of this kind among an error and its causes. */
export function inChain<E>(error: unknown, is: (e: unknown) => e is E): E | undefined {
  for (let e = error, depth = 0; e && depth < 6; e = (e as { cause?: unknown }).cause, depth++) if (is(e)) return e;
  return undefined;
}

/** The text as JSON, or undefined. The parser's own message is dropped: it quotes the text, which may be a secret. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
