import { cleanText } from '../../domain/untrusted-text.ts';
import { EGRESS_PATTERNS } from '../../domain/egress-patterns.ts';

/** More than a prompt ever needs, in characters: what is longer was not built by us. */
export const MAX_EGRESS_LENGTH = 60_000;

/**
 * The last look at what is about to leave for a model or an embeddings endpoint. Returns the class of the first thing that
 * looks like an identifier, an amount or a secret, or null. It never returns the thing itself.
 *
 * The text is checked as it will be sent and string by string: in JSON a line break is written `\n`, and the `n` would
 * glue itself to the id that follows.
 */
export function findEgressViolation(serialised: string): string | null {
  if (serialised.length > MAX_EGRESS_LENGTH) return 'too-long';
  const texts = [serialised];
  try {
    collectStrings(JSON.parse(serialised), texts);
  } catch {
    // Not JSON: the serialised text itself is checked.
  }
  // Full-width digits and zero-width characters must not hide what a reader would put together again.
  const looks = texts.flatMap((text) => [text, cleanText(text, MAX_EGRESS_LENGTH)]);
  for (const [kind, pattern] of EGRESS_PATTERNS) if (looks.some((text) => pattern.test(text))) return kind;
  return null;
}

function collectStrings(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (typeof value === 'number') into.push(String(value));
  else if (Array.isArray(value)) for (const item of value) collectStrings(item, into);
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) {
      into.push(key);
      collectStrings(item, into);
    }
}
