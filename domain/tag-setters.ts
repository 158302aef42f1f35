import type { TagSetters } from '../schemas/tag-setters.ts';
import { foldText } from './untrusted-text.ts';

/** Nobody can say who. */
export const UNKNOWN_SETTERS: TagSetters = { known: false, subjects: [] };

interface SetterDirectory {
  readonly people: readonly { readonly subject: string; readonly iamPrincipals: readonly string[] }[];
  /** Principals that are machines. */
  readonly servicePrincipals: readonly string[];
}

/**
 * The people behind the principals that a cloud's log names: an IAM principal or its ARN, an Entra user, a Google account.
 * @param principals null: the log could not be read to its end
 */
export function tagSettersOf(principals: readonly string[] | null, directory: SetterDirectory): TagSetters {
  if (principals === null) return UNKNOWN_SETTERS;
  const found = principals.map((principal) => whoIs(principal, directory));
  const subjects = found.flatMap((who) => (who === null || who === 'service' ? [] : [who]));
  return { known: !found.includes(null), subjects: [...new Set(subjects)].sort() };
}

/** `arn:aws:sts::…:assumed-role/Deploy/ana` is a session `ana` of a role `Deploy`: each part may be the one that is listed. */
function whoIs(principal: string, directory: SetterDirectory): string | 'service' | null {
  const whole = foldText(principal);
  const names = [whole, ...whole.split('/').slice(-2).reverse()];
  for (const name of names) {
    const person = directory.people.find(
      (p) => foldText(p.subject) === name || p.iamPrincipals.some((i) => foldText(i) === name),
    );
    if (person) return person.subject.trim().toLowerCase();
  }
  return directory.servicePrincipals.some((s) => names.includes(foldText(s))) ? 'service' : null;
}
