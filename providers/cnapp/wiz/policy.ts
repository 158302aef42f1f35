import { z } from 'zod';
import type { Finding } from '../../../schemas/posture.ts';

const Text = z.string().nullish().catch(null);
const Tag = z.object({ key: Text, value: Text }).nullable().catch(null);
const Tags = z.array(Tag).nullish().catch(null);

/** A control, a cloud event rule or a cloud configuration rule: they differ in where their tags are. */
export const Rule = z.object({ id: Text, name: Text, shortId: Text, tags: Tags, tagsV2: Tags }).nullish().catch(null);
export type Rule = z.infer<typeof Rule>;

/**
 * The rule behind a finding with its tags as labels: key, value and `key=value`, so that a policy can be named by any of
 * them. Of several rules the first gives the name, and the others are labels with all that is theirs.
 */
export function policyOf(rules: readonly Rule[] | null | undefined): NonNullable<Finding['policy']> | null {
  const named = (rules ?? []).filter((rule) => rule?.id || rule?.name);
  const first = named[0];
  const uid = first?.id ?? first?.name;
  if (!uid) return null;
  const words = named.flatMap((rule, index) => [
    ...(index === 0 ? [] : [rule?.id, rule?.name]),
    rule?.shortId,
    ...[...(rule?.tags ?? []), ...(rule?.tagsV2 ?? [])].flatMap(wordsOf),
  ]);
  return { uid, name: first?.name ?? uid, labels: [...new Set(words.flatMap((word) => word || []))] };
}

function wordsOf(tag: z.infer<typeof Tag>): (string | null | undefined)[] {
  const { key, value } = tag ?? {};
  return [key, value, key && value ? `${key}=${value}` : null];
}
