const LIMIT = 200;

/** Tag keys and `key=value` pairs as the policies compare them: NFKC, trimmed, lower case, sorted, capped. */
export function policyTags(tags: Readonly<Record<string, string>>): readonly string[] {
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(tags)) {
    const k = plain(key);
    seen.add(k);
    seen.add(`${k}=${plain(value)}`);
  }
  return [...seen].sort();
}

function plain(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase().slice(0, LIMIT);
}
