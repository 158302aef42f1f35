import { wordsOf } from './vocabulary/fold.ts';

const LIMIT = 200;

/**
 * Tag keys and `key=value` pairs as the policies compare them: NFKC, trimmed, lower case, sorted, capped. A key is there as
 * its words as well: a policy that names `do-not-touch` means `DoNotTouch` and `Do not touch`, too.
 */
export function policyTags(tags: Readonly<Record<string, string>>): readonly string[] {
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(tags)) {
    const k = plain(key);
    seen.add(k);
    seen.add(`${k}=${plain(value)}`);
    seen.add(wordsOf(key).join('-').slice(0, LIMIT));
  }
  return [...seen].sort();
}

function plain(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase().slice(0, LIMIT);
}
