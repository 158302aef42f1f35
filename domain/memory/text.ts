import type { CaseFacets, GuidanceEntry, PastCase } from '../../schemas/memory.ts';

/** A facet that says nothing: two cases are not alike because neither is known. */
const SILENT: ReadonlySet<string> = new Set(['unknown', 'none', 'not-applicable']);

/**
 * A case as text: `name: value` pairs that a person, BM25 and an embedding model can all read. Made from the facets
 * alone and made again from them when read, so that a stored text is never believed.
 */
export function caseText(facets: CaseFacets, past?: Pick<PastCase, 'action' | 'end' | 'rejection'>): string {
  const pairs: string[] = [];
  const say = (name: string, value: string | readonly string[]) => {
    const values = [value].flat().filter((v) => !SILENT.has(v));
    if (values.length > 0) pairs.push(`${name}: ${values.join(', ')}`);
  };
  say('kind', facets.kind);
  say('type', typeWords(facets.type));
  say('environment', facets.environment);
  say('region', facets.region);
  say('rule', facets.rule);
  say('owner', facets.owner);
  say('size', facets.size);
  say('age', facets.age);
  say('criticality', facets.criticality);
  say('dependents', facets.dependents);
  say('incidents', facets.openIncidents);
  say('standby', facets.standbyRole);
  say('window', facets.maintenanceWindow);
  say('exposed', facets.internetExposed);
  say('admin', facets.adminPrivileges);
  say('sensitive', facets.sensitiveData);
  say('exposure', facets.exposure);
  say('evidence', facets.evidence);
  say('reasons', facets.reasons);
  say('tags', facets.tagKeys);
  say('other-tags', facets.otherTags);
  if (past?.action) say('action', past.action);
  if (past) say('end', past.rejection ?? past.end);
  return pairs.join('; ');
}

/** A case in plain words, to be compared with guidance, which is prose. */
export function caseWords(facets: CaseFacets, actions: readonly string[]): string {
  const words = parsePairs(caseText(facets)).map(({ name, value }) => `${name} ${value}`);
  return [...words, ...actions].join(' ').replaceAll('-', ' ');
}

/** Guidance as text: its own words, and those of its scope and effect. */
export function guidanceText({ text, appliesTo, effect }: GuidanceEntry): string {
  const scope = Object.entries(appliesTo).map(([name, values]) => `${name} ${(values ?? []).join(' ')}`);
  return [text, ...scope, ...effect.reasonCodes, ...effect.questions].join(' ').replaceAll('-', ' ');
}

/**
 * What is indexed: of `name: value` pairs each `name=value` whole, which keeps apart what shares a word (`exposed: yes`,
 * `sensitive: yes`); of prose its words.
 */
export function tokensOf(text: string): string[] {
  const pairs = parsePairs(text);
  if (pairs.length > 0) return pairs.map(({ name, value }) => `${name}=${value}`);
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1);
}

/** The pairs of a `caseText`; none in prose. */
export function parsePairs(text: string): { readonly name: string; readonly value: string }[] {
  return text.split('; ').flatMap((clause) => {
    const [, name, values] = /^([a-z-]+): ([a-z0-9, -]+)$/.exec(clause) ?? [];
    return name && values ? values.split(', ').map((value) => ({ name, value })) : [];
  });
}

/** `AWS::EC2::Instance` → `aws-ec2-instance`. */
function typeWords(type: string): string {
  return type
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
}
