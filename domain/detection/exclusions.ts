import type { AssetRecord } from '../../schemas/detection.ts';
import type { ResourceKind } from '../../schemas/resource-type.ts';
import type { Rule, RuleExclusions } from '../../schemas/rules.ts';
import { controllerOf } from '../controllers/controller-of.ts';
import { kindOf } from '../resource-kinds.ts';
import { foldText } from '../untrusted-text.ts';
import { joined } from '../vocabulary/fold.ts';
import { compileHolds, type Holds, holdOfName, holdOfTag, wordsOfHolds } from '../vocabulary/holds.ts';
import { indexOfPhrase, Lexicon } from '../vocabulary/lexicon.ts';

const NO_WORDS: readonly string[] = ['', 'false', 'no', 'none', 'off', '0', 'n/a', 'na', 'null'];
/** OCSF status_id: 3 suppressed, 4 resolved. Anything else is still being looked at. */
const CLOSED_STATUS: readonly number[] = [3, 4];
const DETECTION_FINDING = 2004;

/** Adds the organisation's deny tags (config `policy.denyTags`: keys, or `key=value`) to every rule. */
export function withDenyTags(rules: readonly Rule[], denyTags: readonly string[]): Rule[] {
  const keys = denyTags.filter((t) => !t.includes('='));
  const pairs = denyTags.filter((t) => t.includes('='));
  // Rules that shared a set go on sharing one: it is looked at once per asset.
  const widened = new Map<RuleExclusions, RuleExclusions>();
  return rules.map((r) => {
    const own = r.exclusions;
    const wider = widened.get(own) ?? {
      ...own,
      tagKeys: [...new Set([...own.tagKeys, ...keys])],
      tagPairs: [...new Set([...own.tagPairs, ...pairs])],
    };
    widened.set(own, wider);
    return { ...r, exclusions: wider };
  });
}

/** Why no rule may call this asset idle, as `excluded:…` codes; empty when nothing stands in the way. */
export function exclusionsOf(record: AssetRecord, exclusions: RuleExclusions): string[] {
  const found = new Set<string>();
  const words = compiled(exclusions);
  const { facts, asset } = record;
  for (const tag of Object.entries(asset.tags)) fromTag(found, words, { tag, record });
  if (facts !== null)
    for (const tag of Object.entries(facts.tags))
      if (asset.tags[tag[0]] !== tag[1]) fromTag(found, words, { tag, record });
  fromName(found, words, { name: asset.name, record });
  if (facts?.kind === 'instance') {
    if (facts.scalingGroup !== null) found.add('excluded:auto-scaling-member');
    if (facts.spot) found.add('excluded:spot');
  }
  const controller = controllerOf(record);
  if (controller !== null)
    found.add(controller === 'autoscaling' ? 'excluded:auto-scaling-member' : `excluded:managed-by:${controller}`);
  if (facts?.kind === 'database') {
    // Stopping one of several servers is another decision than stopping one that stands alone.
    if (facts.replicaOf !== null) found.add('excluded:replica');
    if (facts.replicas.length > 0) found.add('excluded:replica-source');
    if (facts.clusterId !== null) found.add('excluded:cluster-member');
  }
  fromCmdb(found, record);
  if (record.posture?.findings.some((f) => f.class_uid === DETECTION_FINDING && !CLOSED_STATUS.includes(f.status_id)))
    found.add('excluded:investigation:detection-finding');
  return [...found];
}

function fromCmdb(found: Set<string>, record: AssetRecord): void {
  const cmdb = record.cmdb;
  if (cmdb === null) return;
  if (cmdb.disasterRecoveryRole !== null && !NO_WORDS.includes(foldText(cmdb.disasterRecoveryRole)))
    found.add('excluded:dr-role');
  if (cmdb.openIncidents.length > 0) found.add('excluded:investigation:open-incident');
}

interface Compiled {
  readonly lexicon: Lexicon;
  readonly holds: Holds;
  readonly tagKeys: readonly (readonly [pattern: string, code: string])[];
  readonly tagPairs: readonly (readonly [key: string, value: string, code: string])[];
  readonly drKeys: ReadonlySet<string>;
  readonly roleKeys: ReadonlySet<string>;
  readonly aboutKeys: ReadonlySet<string>;
  readonly roles: readonly (readonly string[])[];
  readonly names: readonly (readonly string[])[];
  readonly machineNames: readonly (readonly string[])[];
}

const COMPILED = new WeakMap<RuleExclusions, Compiled>();

/** The lists as they are looked up, made once per set. */
function compiled(x: RuleExclusions): Compiled {
  const known = COMPILED.get(x);
  if (known !== undefined) return known;
  const phrases = (list: readonly string[]) => list.map((p) => p.split(' '));
  const made: Compiled = {
    lexicon: new Lexicon([
      ...wordsOfHolds(x.holds),
      ...phrases([...x.roleWords, ...x.nameWords, ...x.machineNames]).flat(),
    ]),
    holds: compileHolds(x.holds),
    tagKeys: x.tagKeys.map((listed) => {
      const code = foldText(listed);
      return [code.endsWith('*') ? `${joined(code)}*` : joined(code), `excluded:tag:${code}`];
    }),
    tagPairs: x.tagPairs.map((listed) => {
      const code = foldText(listed);
      const cut = code.indexOf('=');
      return [joined(code.slice(0, cut)), joined(code.slice(cut + 1)), `excluded:tag:${code}`];
    }),
    drKeys: new Set(x.drKeys.map(joined)),
    roleKeys: new Set(x.roleKeys.map(joined)),
    aboutKeys: new Set(x.aboutKeys.map(joined)),
    roles: phrases(x.roleWords),
    names: phrases(x.nameWords),
    machineNames: phrases(x.machineNames),
  };
  COMPILED.set(x, made);
  return made;
}

interface TagOf {
  readonly tag: readonly [key: string, value: string];
  readonly record: AssetRecord;
}

function fromTag(found: Set<string>, x: Compiled, { tag, record }: TagOf): void {
  const before = found.size;
  const key = joined(tag[0]);
  const value = joined(tag[1]);
  for (const [pattern, code] of x.tagKeys)
    if (pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern) found.add(code);
  for (const [k, v, code] of x.tagPairs) if (k === key && v === value) found.add(code);
  if (x.drKeys.has(key) && !NO_WORDS.includes(foldText(tag[1]))) found.add('excluded:dr-role');
  if (x.roleKeys.has(key)) addPhrases(found, 'role', x.roles, x.lexicon.wordsOf(tag[1]));
  if (key === 'name') fromName(found, x, { name: tag[1], record });
  if (x.aboutKeys.has(key)) fromDescription(found, x, x.lexicon.wordsOf(tag[1]));
  if (found.size > before || key === 'name') return;
  const hold = holdOfTag(x.holds, x.lexicon, tag);
  if (hold !== null) found.add(`excluded:hold:${hold.replaceAll(' ', '-')}`);
}

function fromName(found: Set<string>, x: Compiled, { name, record }: { name: string; record: AssetRecord }): void {
  const words = x.lexicon.wordsOf(name);
  addPhrases(found, 'name-hint', x.names, words);
  // What is left of a machine does not do its work any more.
  if (!LEFT_OVER.includes(kindOf(record.asset.resourceType))) addPhrases(found, 'name-hint', x.machineNames, words);
  const hold = holdOfName(x.holds, x.lexicon, name);
  if (hold !== null) found.add(`excluded:hold:${hold.replaceAll(' ', '-')}`);
}

/** A few words are a name; of a sentence only what takes more than one word to say is no accident. */
const NAME_LENGTH = 4;

function fromDescription(found: Set<string>, x: Compiled, words: readonly string[]): void {
  const all = [...x.names, ...x.machineNames];
  addPhrases(found, 'name-hint', words.length <= NAME_LENGTH ? all : all.filter((p) => p.length > 1), words);
}

const LEFT_OVER: readonly ResourceKind[] = ['volume', 'address'];

function addPhrases(
  found: Set<string>,
  what: 'role' | 'name-hint',
  phrases: readonly (readonly string[])[],
  words: readonly string[],
): void {
  for (const phrase of phrases)
    if (indexOfPhrase(words, phrase) >= 0) found.add(`excluded:${what}:${phrase.join('-')}`);
}
