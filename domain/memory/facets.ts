import type { Environment, Owner } from '../../schemas/asset.ts';
import type { AssetRecord, Verdict } from '../../schemas/detection.ts';
import type { CaseFacets } from '../../schemas/memory.ts';
import { ageBand, countBand, scoreBand } from '../bands.ts';
import { kindOf } from '../resource-kinds.ts';
import { baseRisk } from '../risk/base-risk.ts';
import { exposureScoreOf } from '../risk/exposure.ts';
import { ageDays, bandedEvidence, KNOWN_TAG_KEYS, sizeBand, tagKeys } from '../risk/prompt.ts';
import { foldText } from '../untrusted-text.ts';
import { regionGroup } from './region.ts';

/** What of a case is looked at; a `CaseDocument` fits. */
export interface FacetSource {
  readonly record: AssetRecord;
  readonly environment: Environment;
  readonly owner: Pick<Owner, 'team'>;
  readonly verdict: Verdict;
}

/**
 * The only way from a case into the memory: classes, bands, codes and a pseudonym. What the schema has no word for is
 * left out here and refused there.
 */
export function facetsOf(source: FacetSource, pseudonym: (text: string) => string): CaseFacets {
  const { record, environment, owner, verdict } = source;
  const { asset, posture, cmdb } = record;
  const exposure = posture === null ? null : exposureScoreOf(posture);
  return {
    kind: kindOf(asset.resourceType),
    type: asset.resourceType,
    environment,
    region: regionGroup(asset.region),
    rule: codeWord(verdict.ruleId),
    owner: pseudonym(foldText(owner.team)),
    size: sizeBand(record) as CaseFacets['size'],
    age: ageBand(ageDays(record)) as CaseFacets['age'],
    criticality: (cmdb?.criticality ? `class-${cmdb.criticality}` : 'unknown') as CaseFacets['criticality'],
    dependents: count(cmdb === null ? null : cmdb.dependents.length),
    openIncidents: count(cmdb === null ? null : cmdb.openIncidents.length),
    standbyRole: cmdb === null ? 'unknown' : cmdb.disasterRecoveryRole === null ? 'none' : 'stated',
    maintenanceWindow: cmdb === null ? 'unknown' : cmdb.maintenanceWindow === null ? 'none' : 'stated',
    internetExposed: known(posture?.internetExposed),
    adminPrivileges: known(posture?.adminPrivileges),
    sensitiveData: known(posture?.sensitiveData),
    exposure: scoreBand(exposure) as CaseFacets['exposure'],
    evidence: list(
      verdict.evidence.map(bandedEvidence).map((e) => `${e.code}-${e.value}`),
      16,
    ),
    reasons: list(
      [...verdict.reasons.map((r) => r.split(':')[0] ?? r), ...baseRisk(record, environment).reasonCodes],
      40,
    ),
    tagKeys: list(tagKeys(record), 40),
    otherTags: count(Object.keys(asset.tags).filter((key) => !KNOWN_TAG_KEYS.includes(foldText(key))).length),
  };
}

/** `INJECTION_SUSPECTED` and `injection-suspected` are one word here; what is no word at all becomes none. */
export function codeWord(code: string): string {
  return code
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48)
    .replace(/-+$/, '');
}

function list(codes: readonly string[], most: number): string[] {
  return [...new Set(codes.map(codeWord))]
    .filter((word) => word !== '')
    .sort()
    .slice(0, most);
}

function known(flag: boolean | null | undefined): 'yes' | 'no' | 'unknown' {
  return flag == null ? 'unknown' : flag ? 'yes' : 'no';
}

function count(value: number | null): CaseFacets['dependents'] {
  return countBand(value) as CaseFacets['dependents'];
}
