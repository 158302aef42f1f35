import { z } from 'zod';

/** Where a secret is: configuration never holds one itself. */
export const SecretRef = z
  .string()
  .regex(
    /^(env:[A-Z_][A-Z0-9_]*|file:.+|vault:[^/#\s]+\/[^#\s]+#[^#\s]+|aws-sm:[^#\s]+(#[^#\s]+)?)$/,
    'must be env:NAME or file:/path, vault:<mount>/<path>#<field> or aws-sm:<name>#<key>, not the secret itself',
  );

/** What opens a secret store cannot be in it. */
export const LocalSecretRef = z
  .string()
  .regex(/^(env:[A-Z_][A-Z0-9_]*|file:.+)$/, 'must be env:NAME or file:/path, not the secret itself');

/** Whole milliseconds written as a number, or text such as "90s", "15m", "36h", "7d". */
export const Duration = z
  .union([
    z.number().int().nonnegative(),
    z.string().regex(/^\d+(ms|s|m|h|d)$/, 'must look like 500ms, 90s, 15m, 36h or 7d'),
  ])
  .transform((v) => {
    if (typeof v === 'number') return v;
    const [, n, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(v) as RegExpExecArray;
    return Number(n) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit as 'ms' | 's' | 'm' | 'h' | 'd'];
  });

export const Url = z.url({ error: 'must be an absolute URL such as https://example.com' });
