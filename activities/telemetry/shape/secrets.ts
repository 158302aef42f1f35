import { EGRESS_PATTERNS } from '../../../domain/egress-patterns.ts';

const KINDS: ReadonlySet<string> = new Set(['private-key', 'aws-access-key', 'vendor-token', 'jwt', 'credential']);

/** What looks like a secret wherever it stands. Ids, addresses and ARNs are what telemetry is about and may leave. */
const PATTERNS: readonly (readonly [string, RegExp])[] = [
  ...EGRESS_PATTERNS.filter(([kind]) => KINDS.has(kind)),
  ['credential', /:\/\/[^\s/:@]+:[^\s/@]+@/],
  ['credential', /\b(basic|bearer)\s+[\w+/.=-]{8,}/i],
  // Thirty-two hexadecimal digits are a Datadog key or a Slack signing secret; our own digests are longer.
  ['vendor-token', /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/i],
  // Forty characters of both cases and digits are an AWS secret key: one part of a path, or, with slashes of its own, a whole text.
  [
    'aws-secret-key',
    /(?<![\w+])(?=[A-Za-z0-9+]*[A-Z])(?=[A-Za-z0-9+]*[a-z])(?=[A-Za-z0-9+]*\d)[A-Za-z0-9+]{40}(?![\w+])/,
  ],
  [
    'aws-secret-key',
    /(?<![\w+/=.:-])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*\d)[A-Za-z0-9+/]{40}(?![\w+/=.:-])/,
  ],
];

/** The kind of secret a text seems to hold, or null. Never the secret. */
export function secretIn(text: string): string | null {
  return PATTERNS.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}
