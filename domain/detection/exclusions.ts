import type { AssetRecord } from '../../schemas/detection.ts';
import type { Rule, RuleExclusions } from '../../schemas/rules.ts';
import { foldText } from '../untrusted-text.ts';
import { managerFromTagKey } from './managers.ts';

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
  for (const [key, value] of Object.entries(record.asset.tags)) fromTag(found, exclusions, key, value);
  const facts = record.facts;
  if (facts !== null)
    for (const [key, value] of Object.entries(facts.tags))
      if (record.asset.tags[key] !== value) fromTag(found, exclusions, key, value);
  for (const word of words(record.asset.name))
    if (exclusions.nameWords.includes(word)) found.add(`excluded:name-hint:${word}`);
  if (facts?.kind === 'instance') {
    if (facts.autoScalingGroup !== null) found.add('excluded:auto-scaling-member');
    if (facts.spot) found.add('excluded:spot');
    const manager = facts.managedBy === null ? null : foldText(facts.managedBy);
    if (manager !== null && exclusions.managers.includes(manager)) found.add(`excluded:managed-by:${manager}`);
  }
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

function fromTag(found: Set<string>, x: RuleExclusions, rawKey: string, rawValue: string): void {
  const key = foldText(rawKey);
  const value = foldText(rawValue);
  for (const listed of x.tagKeys) {
    const pattern = foldText(listed);
    const hit = pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
    if (hit) found.add(`excluded:tag:${pattern}`);
  }
  for (const listed of x.tagPairs) {
    const pair = foldText(listed);
    const cut = pair.indexOf('=');
    if (pair.slice(0, cut).trim() === key && pair.slice(cut + 1).trim() === value) found.add(`excluded:tag:${pair}`);
  }
  if (x.drKeys.includes(key) && !NO_WORDS.includes(value)) found.add('excluded:dr-role');
  if (x.roleKeys.includes(key))
    for (const word of words(value)) if (x.roleWords.includes(word)) found.add(`excluded:role:${word}`);
  if (key === 'name')
    for (const word of words(value)) if (x.nameWords.includes(word)) found.add(`excluded:name-hint:${word}`);
  const manager = managerFromTagKey(key);
  if (manager !== null)
    found.add(manager === 'autoscaling' ? 'excluded:auto-scaling-member' : `excluded:managed-by:${manager}`);
}

/** `web-DR_1` → web, dr, 1. Joined forms (`webdr`) are not split: a guess would exclude half of an estate. */
function words(text: string): string[] {
  return foldText(text).split(/[^\p{L}\p{N}]+/u);
}
