import { codeWord } from '../../domain/memory/facets.ts';
import { caseText } from '../../domain/memory/text.ts';
import { KNOWN_TAG_KEYS } from '../../domain/risk/prompt.ts';
import { PastCase } from '../../schemas/memory.ts';
import { ProviderError } from '../../ports/errors.ts';
import { findEgressViolation } from '../model/egress-guard.ts';

/** Tag keys as facets spell them. A key of anybody's own spelling may say whose it is. */
const TAG_KEYS: ReadonlySet<string> = new Set(KNOWN_TAG_KEYS.map(codeWord));

/** A past case as stored, or null when it is anything else than classes, bands and codes. */
export function pastCaseOf(value: unknown): PastCase | null {
  const parsed = PastCase.safeParse(value);
  return parsed.success && parsed.data.facets.tagKeys.every((key) => TAG_KEYS.has(key)) ? parsed.data : null;
}

/**
 * The door of the memory: the schema, the list of tag keys, and the same last look that guards what leaves for a model.
 * @throws ProviderError `terminal`, naming the field or the class of what was found, never the thing itself
 */
export function admit(value: PastCase): PastCase {
  const parsed = PastCase.safeParse(value);
  if (!parsed.success)
    throw refused(parsed.error.issues.map((i) => i.path.join('.') || '(case)').join(', '), 'no band or code');
  if (pastCaseOf(parsed.data) === null) throw refused('facets.tagKeys', 'a key that is not on the list of common ones');
  // As text, which is how it is ranked and how it may leave: the type's own spelling looks like a host name.
  const found = findEgressViolation(`${parsed.data.id}; ${caseText(parsed.data.facets, parsed.data)}`);
  if (found !== null) throw refused('facets', `something of the class ${found}`);
  return parsed.data;
}

function refused(field: string, found: string): ProviderError {
  return new ProviderError({
    kind: 'terminal',
    provider: 'memory',
    operation: 'remember',
    message: `${field}: found ${found}; only classes, bands and codes are remembered`,
  });
}
