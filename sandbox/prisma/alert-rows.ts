import { hexOf, keyOf } from '../estate/random.ts';
import type { SeededAsset } from '../estate/types.ts';
import { accountName, assetIdOf, cloudId, cloudOf, regionName, rrnOf, TYPES } from './catalogue.ts';
import { rawOf } from './raw.ts';
import type { Row } from './types.ts';
import type { World } from './world.ts';

type SeededFinding = SeededAsset['posture']['findings'][number];
interface PolicyWords {
  readonly policyType: string;
  readonly policySubTypes: readonly string[];
  /** `N-` for what happened, `P-` for what is. */
  readonly prefix: 'P' | 'N';
  readonly ruleType: string;
}

/** Vulnerabilities are Compute's. Everything else the estate has is an alert of some policy. */
function policyWords(finding: SeededFinding): PolicyWords | null {
  switch (finding.kind) {
    case 'vulnerability':
      return null;
    case 'misconfiguration':
      return /personal data/i.test(finding.title)
        ? { policyType: 'data', policySubTypes: ['data_classification'], prefix: 'P', ruleType: 'DLP' }
        : { policyType: 'config', policySubTypes: ['run'], prefix: 'P', ruleType: 'Config' };
    case 'threat':
      return { policyType: 'anomaly', policySubTypes: ['network'], prefix: 'N', ruleType: 'Network' };
    case 'toxic-combination':
      return /exposed/i.test(finding.title)
        ? {
            policyType: 'network',
            policySubTypes: ['network_config', 'internet_exposure'],
            prefix: 'P',
            ruleType: 'NetworkConfig',
          }
        : { policyType: 'attack_path', policySubTypes: ['misconfig'], prefix: 'P', ruleType: 'Config' };
  }
}

export interface SeededAlert {
  readonly id: string;
  readonly asset: SeededAsset;
  readonly finding: SeededFinding;
  readonly words: PolicyWords;
}

export function alertsOf(world: World, asset: SeededAsset): SeededAlert[] {
  return asset.posture.findings.flatMap((finding) => {
    const words = policyWords(finding);
    if (!words) return [];
    const key = keyOf(world.estate.seed, `alert/${asset.name}/${finding.title}`);
    return [{ id: `${words.prefix}-${key}`, asset, finding, words }];
  });
}

/** Snoozed for a time, dismissed for good, resolved by the platform alone. Configuration stays as it is until it is gone. */
function standing(world: World, { id, asset, words }: SeededAlert) {
  const sight = world.sight(asset);
  const lasting = words.policyType === 'config' || words.policyType === 'data';
  const resolved = sight.evaluated === 'gone' || (sight.evaluated === 'stopped' && !lasting);
  const dismissal = world.state.dismissals[id];
  const hidden = dismissal && (dismissal.until === null || dismissal.until > world.clock());
  if (resolved)
    return {
      status: 'resolved',
      reason: sight.evaluated === 'gone' ? 'RESOURCE_DELETED' : 'RESOURCE_UPDATED',
      since: sight.evaluatedAt,
      dismissal,
    };
  if (dismissal && hidden)
    return {
      status: dismissal.until === null ? 'dismissed' : 'snoozed',
      reason: 'USER_DISMISSED',
      since: dismissal.at,
      dismissal,
    };
  return { status: 'open', reason: 'NEW_ALERT', since: null, dismissal };
}

export const statusOf = (world: World, alert: SeededAlert): string => standing(world, alert).status;

/** One alert; without `detailed` the policy is only an id, as the vendor's documentation says. */
export function alertRow(world: World, alert: SeededAlert, detailed: boolean): Row {
  const { estate } = world;
  const { id, asset, finding, words } = alert;
  const opened = (estate.seededAt - Math.min(60, asset.createdDaysAgo) * 86_400) * 1000;
  const { status, reason, since, dismissal } = standing(world, alert);
  const policyId = hexOf(keyOf(1, `policy/${finding.title}`), 32);
  const opening: Row = { modifiedBy: 'Prisma Cloud', modifiedOn: opened, reason: 'NEW_ALERT', status: 'OPEN' };
  const change: Row = { modifiedBy: 'Prisma Cloud', modifiedOn: since, reason, status: status.toUpperCase() };
  return {
    id,
    status,
    reason,
    firstSeen: opened,
    lastSeen: since ?? (estate.seededAt - 3600) * 1000,
    alertTime: opened,
    lastUpdated: since ?? opened,
    policyId,
    ...(dismissal
      ? { dismissedBy: dismissal.by, dismissalNote: dismissal.note, dismissalUntilTs: dismissal.until ?? 0 }
      : {}),
    history: since === null ? [opening] : [opening, change],
    metadata: {},
    policy: {
      policyId,
      policyType: words.policyType,
      ...(detailed
        ? {
            name: finding.title,
            severity: finding.severity.toLowerCase(),
            policySubTypes: [...words.policySubTypes],
            labels: ['acme-baseline', words.policyType],
            recommendation: 'See the runbook.',
            remediable: false,
            rule: { name: finding.title, type: words.ruleType, criteria: policyId, parameters: {} },
          }
        : {}),
    },
    resource: {
      rrn: rrnText(estate.seed, asset),
      id: cloudId(estate.seed, asset),
      name: asset.name,
      account: accountName(estate, asset.accountId),
      accountId: asset.accountId,
      cloudType: cloudOf(asset),
      region: regionName(asset.region),
      regionId: asset.region,
      resourceType: TYPES[asset.resourceType]?.resourceType ?? '',
      resourceApiName: TYPES[asset.resourceType]?.apiName ?? '',
      unifiedAssetId: assetIdOf(estate.seed, asset),
      additionalInfo: asset.archetype === 'stopped-long' ? { inactiveSinceTs: String(opened) } : {},
      data: rawOf(estate, asset, world.sight(asset).state),
    },
  };
}

function rrnText(seed: number, asset: SeededAsset): string {
  const rrn = rrnOf(seed, asset);
  return typeof rrn === 'string' ? rrn : rrn.rrn;
}
