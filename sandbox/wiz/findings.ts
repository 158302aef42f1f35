import { kindOf } from '../estate/kinds.ts';
import type { Estate, SeededAsset } from '../estate/types.ts';
import { isIssue, iso, uuid, WIZ_TYPE } from './inventory.ts';
import type { NoteRecord, Observation } from './state.ts';
import type { Json, Row } from './types.ts';

export interface FindingContext {
  readonly estate: Estate;
  readonly asset: SeededAsset;
  /** In force now, or undefined while the asset runs or the re-evaluation is still to come. */
  readonly seen: Observation | undefined;
  readonly notesOf: (issueId: string) => readonly NoteRecord[];
  readonly tagsOf: (ruleName: string) => readonly Json[];
}

type SeededFinding = SeededAsset['posture']['findings'][number];

const ruleOf = (c: FindingContext, f: SeededFinding) => ({
  id: uuid(c.estate.seed, `rule/${f.title}`),
  name: f.title,
});
const findingId = (c: FindingContext, f: SeededFinding): string =>
  uuid(c.estate.seed, `finding/${c.asset.name}/${f.kind}/${f.title}`);
const seenSince = (c: FindingContext): string =>
  iso((c.estate.seededAt - Math.min(60, c.asset.createdDaysAgo) * 86_400) * 1000);

/** `issuesV2` rows: they are resolved once a scan has seen the asset stopped or gone. */
export function issueRows(c: FindingContext): Row[] {
  return c.asset.posture.findings
    .filter((f) => isIssue(f.kind))
    .map((f) => {
      const id = findingId(c, f);
      const resolvedAt = c.seen ? iso(c.seen.from) : null;
      return {
        id,
        type: f.kind === 'threat' ? 'THREAT_DETECTION' : 'TOXIC_COMBINATION',
        status: c.seen ? 'RESOLVED' : 'OPEN',
        severity: f.severity,
        description: f.title,
        createdAt: seenSince(c),
        updatedAt: resolvedAt ?? seenSince(c),
        statusChangedAt: resolvedAt ?? seenSince(c),
        resolvedAt,
        resolutionReason: c.seen ? (c.seen.state === 'gone' ? 'OBJECT_DELETED' : 'ISSUE_FIXED') : null,
        sourceRules: [
          {
            ...ruleOf(c, f),
            [f.kind === 'threat' ? 'tags' : 'tagsV2']: c.tagsOf(f.title),
          },
        ],
        notes: c.notesOf(id).map((n) => ({ ...n, updatedAt: n.createdAt })),
        entitySnapshot: {
          id: uuid(c.estate.seed, c.asset.name),
          type: WIZ_TYPE[kindOf(c.asset.resourceType)].type,
          name: c.asset.name,
          providerId: c.asset.assetKey,
          region: c.asset.region,
          subscriptionExternalId: c.asset.accountId,
        },
      };
    });
}

export function configurationRows(c: FindingContext): Row[] {
  const gone = c.seen?.state === 'gone';
  return c.asset.posture.findings
    .filter((f) => f.kind === 'misconfiguration')
    .map((f) => ({
      id: findingId(c, f),
      name: f.title,
      analyzedAt: gone ? iso(c.seen?.from ?? 0) : seenSince(c),
      firstSeenAt: seenSince(c),
      updatedAt: seenSince(c),
      result: 'FAIL',
      severity: f.severity,
      status: gone ? 'RESOLVED' : 'OPEN',
      rule: { ...ruleOf(c, f), shortId: 'EC2-017', tags: c.tagsOf(f.title) },
      resource: { id: uuid(c.estate.seed, c.asset.name), providerId: c.asset.assetKey, name: c.asset.name },
    }));
}

/** A stopped disk is still vulnerable: only deletion resolves these. */
export function vulnerabilityRows(c: FindingContext): Row[] {
  const gone = c.seen?.state === 'gone';
  return c.asset.posture.findings
    .filter((f) => f.kind === 'vulnerability')
    .map((f) => ({
      id: findingId(c, f),
      name: f.cve ?? f.title,
      detailedName: f.title,
      severity: f.severity,
      hasExploit: f.exploit ?? null,
      hasCisaKevExploit: f.kev ?? null,
      status: gone ? 'RESOLVED' : 'OPEN',
      firstDetectedAt: seenSince(c),
      lastDetectedAt: iso(c.estate.seededAt * 1000),
      resolvedAt: gone ? iso(c.seen?.from ?? 0) : null,
      vulnerableAsset: { id: uuid(c.estate.seed, c.asset.name), providerUniqueId: c.asset.assetKey },
    }));
}

export function exposureRows(c: FindingContext): Row[] {
  if (!c.asset.posture.internetExposed || c.seen) return [];
  return c.asset.posture.openPorts.map((port) => ({
    id: uuid(c.estate.seed, `exposure/${c.asset.name}/${port}`),
    type: 'PUBLIC_INTERNET',
    portRange: port,
    sourceIpRange: '0.0.0.0/0',
    destinationIpRange: '10.0.0.0/8',
    networkProtocols: ['TCP'],
    appProtocols: [],
    firstSeenAt: seenSince(c),
  }));
}

/** `detections` rows: what was seen stays seen, and only the issue it led to is resolved. */
export function detectionRows(c: FindingContext): Row[] {
  return c.asset.posture.findings
    .filter((f) => f.kind === 'threat')
    .map((f) => ({
      id: uuid(c.estate.seed, `detection/${c.asset.name}/${f.title}`),
      type: 'GENERATED_THREAT',
      severity: f.severity,
      description: f.title,
      createdAt: seenSince(c),
      updatedAt: seenSince(c),
      startedAt: seenSince(c),
      endedAt: seenSince(c),
      origins: ['WIZ_SENSOR'],
      issue: { id: findingId(c, f), status: c.seen ? 'RESOLVED' : 'OPEN' },
      ruleMatch: { version: 1, rule: { ...ruleOf(c, f), tags: c.tagsOf(f.title) } },
      primaryResource: {
        id: uuid(c.estate.seed, c.asset.name),
        name: c.asset.name,
        providerUniqueId: c.asset.assetKey,
        externalId: c.asset.resourceId,
        region: c.asset.region,
      },
    }));
}
