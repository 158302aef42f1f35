import type { DirectorySection } from './section.ts';
import type { Directory, DirectoryPerson } from '../../ports/directory.ts';

/**
 * The directory given by configuration. Two chat accounts or IAM principals of one person lead to one subject.
 * @throws Error when two people claim the same key: counting approvals by person would then be guesswork.
 */
export function createDirectory(config: DirectorySection): Directory {
  const bySubject = new Map<string, DirectoryPerson>();
  const bySlackId = new Map<string, DirectoryPerson>();
  const byObjectId = new Map<string, DirectoryPerson>();
  const byPrincipal = new Map<string, DirectoryPerson>();
  const people = config.people.map((entry, index): DirectoryPerson => {
    const person: DirectoryPerson = {
      subject: normalise(entry.subject),
      displayName: entry.displayName,
      groups: entry.groups,
      slackUserIds: entry.slackUserIds,
      teamsUserIds: entry.teamsUserIds.map(normalise),
    };
    const at = `directory.people[${index}]`;
    claim(bySubject, person.subject, { person, field: `${at}.subject` });
    for (const id of entry.slackUserIds) claim(bySlackId, id, { person, field: `${at}.slackUserIds` });
    for (const id of person.teamsUserIds) claim(byObjectId, id, { person, field: `${at}.teamsUserIds` });
    for (const name of entry.iamPrincipals) claim(byPrincipal, name, { person, field: `${at}.iamPrincipals` });
    return person;
  });

  return {
    people,
    finopsGroup: config.finopsGroup,
    bySubject: (subject) => bySubject.get(normalise(subject)) ?? null,
    byEmail: (email) => bySubject.get(normalise(email)) ?? null,
    bySlackUserId: (id) => bySlackId.get(id) ?? null,
    byTeamsUser: (id) => byObjectId.get(normalise(id)) ?? null,
    byIamPrincipal: (principal) => byPrincipal.get(principal) ?? byPrincipal.get(lastPart(principal)) ?? null,
    inGroup: (group) => people.filter((p) => p.groups.includes(group)),
  };
}

function claim(
  index: Map<string, DirectoryPerson>,
  key: string,
  owner: { person: DirectoryPerson; field: string },
): void {
  const taken = index.get(key);
  if (taken)
    throw new Error(`${owner.field}: "${key}" already belongs to ${taken.subject}; one key must lead to one person`);
  index.set(key, owner.person);
}

/** Neither addresses nor object ids differ by case. */
function normalise(key: string): string {
  return key.trim().toLowerCase();
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
