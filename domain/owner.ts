import type { Owner } from '../schemas/asset.ts';
import type { CmdbRecord } from '../schemas/cmdb.ts';
import { cleanText, foldText } from './untrusted-text.ts';

/** What of the directory owner resolution needs; `Config['directory']` fits. */
export interface OwnerDirectory {
  readonly people: readonly {
    readonly subject: string;
    readonly groups: readonly string[];
    readonly iamPrincipals: readonly string[];
  }[];
  readonly finopsGroup: string;
}

export interface OwnerSources {
  readonly tags: Readonly<Record<string, string>>;
  /** Keys in order of trust, e.g. `owner`, `team-email`. */
  readonly tagKeys: readonly string[];
  readonly cmdb: Pick<CmdbRecord, 'ownerEmail' | 'supportGroup'> | null;
  /** ARN or name of the IAM principal that created the asset; null when the trail no longer says. */
  readonly creator: string | null;
  readonly directory: OwnerDirectory;
}

const ROLE_GROUPS: readonly string[] = ['approvers', 'admins'];
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@]{2,}$/;

/**
 * Tags, then CMDB, then the creator, then the FinOps group. A tag is hostile input: it only counts when it names a
 * person or group the directory knows, or anyone who may tag could send the question to themselves.
 */
export function resolveOwner(sources: OwnerSources): Owner {
  return fromTags(sources) ?? fromCmdb(sources) ?? fromCreator(sources) ?? finops(sources.directory);
}

function fromTags({ tags, tagKeys, directory }: OwnerSources): Owner | null {
  for (const wanted of tagKeys)
    for (const [key, value] of Object.entries(tags))
      if (foldText(key) === foldText(wanted)) {
        const owner = known(directory, value, 'tag');
        if (owner !== null) return owner;
      }
  return null;
}

function fromCmdb({ cmdb, directory }: OwnerSources): Owner | null {
  if (cmdb === null) return null;
  const group = cmdb.supportGroup === null ? '' : cleanText(cmdb.supportGroup, 80);
  if (cmdb.ownerEmail !== null) {
    const owner = known(directory, cmdb.ownerEmail, 'cmdb');
    if (owner !== null) return owner;
    const email = foldText(cmdb.ownerEmail);
    if (EMAIL.test(email)) return { subject: email, team: group || email, source: 'cmdb' };
  }
  if (group === '') return null;
  return known(directory, group, 'cmdb') ?? { subject: group, team: group, source: 'cmdb' };
}

/** `arn:aws:sts::…:assumed-role/Deploy/ana` names a session `ana` of a role: both are tried. */
function fromCreator({ creator, directory }: OwnerSources): Owner | null {
  if (creator === null) return null;
  const names = foldText(creator).split(/[/:]/).slice(-2).reverse();
  for (const name of names) {
    const person = directory.people.find((p) => p.iamPrincipals.some((i) => foldText(i) === name));
    if (person !== undefined && name !== '') return personOwner(person, 'iam-principal');
  }
  return null;
}

function known(directory: OwnerDirectory, text: string, source: Owner['source']): Owner | null {
  const word = foldText(text);
  if (word === '') return null;
  const person = directory.people.find((p) => foldText(p.subject) === word);
  if (person !== undefined) return personOwner(person, source);
  const group = directory.people.flatMap((p) => p.groups).find((g) => foldText(g) === word);
  return group === undefined || ROLE_GROUPS.includes(foldText(group)) ? null : { subject: group, team: group, source };
}

function personOwner(person: OwnerDirectory['people'][number], source: Owner['source']): Owner {
  const team = person.groups.find((g) => !ROLE_GROUPS.includes(foldText(g)));
  return { subject: person.subject, team: team ?? person.subject, source };
}

function finops(directory: OwnerDirectory): Owner {
  return { subject: directory.finopsGroup, team: directory.finopsGroup, source: 'finops-default' };
}
