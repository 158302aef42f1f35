/** Where a header is looked up: `Headers`, or the record of a client that keeps its own. Names in lower case. */
export type HeaderSource = { get(name: string): string | null | undefined } | Readonly<Record<string, unknown>>;

/**
 * Headers of a vendor's own that say when to come back, next to `Retry-After`. `reset` headers come as seconds from now, as
 * seconds or milliseconds since 1970, or as a date: which one it is shows in its size.
 */
export interface WaitHeaders {
  /** e.g. `x-ratelimit-reset`. */
  readonly names?: readonly string[];
  /** Of these together the longest counts, e.g. several quotas that are used up at once. */
  readonly pattern?: RegExp;
}

/** Nobody is parked for longer by a strange header. */
export const LONGEST_WAIT_MS = 3_600_000;

const NUMBER = /^\d+(\.\d+)?$/;
/** RFC 9110, section 5.6.7: the form to send, and the two that must be understood all the same. And ISO 8601, which some send. */
const FIXED = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const RFC_850 = /^[A-Z][a-z]+day, (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}:\d{2}:\d{2}) GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
/** Larger numbers are no waiting times any more: seconds, and milliseconds, since 1970. */
const SINCE_1970_S = 1_000_000_000;
const SINCE_1970_MS = 100_000_000_000;

/**
 * How long an answer asks to be left alone: milliseconds from `now` (epoch milliseconds), never negative and never more than an
 * hour; null when no header says so in a form that is one. The only reader of `Retry-After`.
 */
export function waitOf(headers: HeaderSource, now: number, more: WaitHeaders = {}): number | null {
  const get = getterOf(headers);
  const stated = [
    durationOf(get('retry-after-ms') ?? get('x-ms-retry-after-ms')),
    momentOf(get('retry-after'), now),
    ...(more.names ?? []).map((name) => momentOf(get(name), now)),
  ];
  const longest = more.pattern === undefined ? [] : matching(headers, more.pattern).map((text) => momentOf(text, now));
  const first = stated.find((ms) => ms !== null) ?? null;
  const waits = [first, ...longest].filter((ms) => ms !== null);
  return waits.length === 0 ? null : Math.min(Math.max(0, ...waits), LONGEST_WAIT_MS);
}

function durationOf(text: string | null): number | null {
  return text !== null && NUMBER.test(text) ? Number(text) : null;
}

function momentOf(text: string | null, now: number): number | null {
  if (text === null) return null;
  if (NUMBER.test(text)) {
    const value = Number(text);
    if (value >= SINCE_1970_MS) return value - now;
    return value >= SINCE_1970_S ? value * 1000 - now : value * 1000;
  }
  const at = dateOf(text, now);
  return at === null ? null : at - now;
}

/** Anything else is no date, though `Date.parse` would take "5 apples" for one. */
function dateOf(text: string, now: number): number | null {
  const old = RFC_850.exec(text);
  if (old) {
    const [, day, month, year, time] = old;
    // Two digits: never more than fifty years ahead.
    const thisYear = new Date(now).getUTCFullYear();
    const full = Math.floor(thisYear / 100) * 100 + Number(year);
    const at = Date.parse(`${day} ${month} ${full > thisYear + 50 ? full - 100 : full} ${time} GMT`);
    return Number.isNaN(at) ? null : at;
  }
  const known = FIXED.test(text) || ISO.test(text) ? text : ASCTIME.test(text) ? `${text} GMT` : null;
  const at = Date.parse(known ?? '');
  return Number.isNaN(at) ? null : at;
}

function getterOf(headers: HeaderSource): (name: string) => string | null {
  return (name) => {
    const value = isLookUp(headers) ? headers.get(name) : headers[name];
    const text = Array.isArray(value) ? (value[0] as unknown) : value;
    return typeof text === 'string' || typeof text === 'number' ? String(text).trim() : null;
  };
}

function matching(headers: HeaderSource, pattern: RegExp): string[] {
  const pairs: Iterable<readonly [string, unknown]> =
    isLookUp(headers) && Symbol.iterator in headers
      ? (headers as unknown as Iterable<readonly [string, unknown]>)
      : isLookUp(headers)
        ? []
        : Object.entries(headers);
  return [...pairs].flatMap(([name, value]) =>
    pattern.test(name.toLowerCase()) && (typeof value === 'string' || typeof value === 'number')
      ? [String(value).trim()]
      : [],
  );
}

function isLookUp(headers: HeaderSource): headers is { get(name: string): string | null | undefined } {
  return typeof headers['get' as keyof HeaderSource] === 'function';
}
