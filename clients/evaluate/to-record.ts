import { arnOf, assetKeyOf, assetOf, valueOf } from '../../domain/cloud-ids/index.ts';
import { kindOf, providerOf } from '../../domain/resource-kinds.ts';
import type { AssetRecord } from '../../schemas/detection.ts';
import type { OfflineCase } from '../../schemas/offline-case.ts';
import type { Posture } from '../../schemas/posture.ts';
import { type FactsResult, offlineFacts } from './offline-facts.ts';

export interface OfflineRecord extends Pick<FactsResult, 'assumptions' | 'issue'> {
  readonly record: AssetRecord;
  readonly now: string;
}

const EPOCH = '1970-01-01T00:00:00.000Z';
const DAY_MS = 86_400_000;

/** The normalised record that the rules see, from a friendly case. What the case leaves out stays unknown. */
export function toRecord(c: OfflineCase): OfflineRecord {
  const observedAt = c.observedAt ?? endOfSeries(c) ?? c.now ?? EPOCH;
  const assetKey = c.asset.arn ? (valueOf(assetKeyOf(c.asset.arn)) ?? c.asset.arn) : keyOf(c);
  const { facts, assumptions, issue } = offlineFacts(c, { assetKey, observedAt });
  const tags = { ...c.asset.tags, ...c.tags };
  const record: AssetRecord = {
    asset: {
      assetKey,
      provider: providerOf(c.asset.type),
      accountId: c.asset.accountId,
      region: c.asset.region,
      resourceType: c.asset.type,
      resourceId: c.asset.id,
      name: c.asset.name || tags['Name'] || c.asset.id,
      createdAt: c.asset.createdAt,
      tags,
    },
    facts,
    metrics: c.metrics,
    cost: costOf(c, observedAt),
    posture: postureOf(c, observedAt),
    cmdb: c.cmdb === null ? null : { ciId: 'offline', resourceId: c.asset.id, name: c.asset.name, ...c.cmdb },
    observedAt,
  };
  return { record, now: c.now ?? observedAt, assumptions, issue };
}

function endOfSeries(c: OfflineCase): string | null {
  const ends = c.metrics.map((s) => Date.parse(s.start) + s.values.length * s.periodSeconds * 1000);
  return ends.length === 0 ? null : new Date(Math.max(...ends)).toISOString();
}

/** A key of the provider's own shape where the case has none. */
function keyOf({ asset }: OfflineCase): string {
  const { accountId: account, region, type: resourceType } = asset;
  const known = assetOf(asset.id, { accountId: account, region, resourceType });
  if (known.ok) return known.value.assetKey;
  if (/^(arn:|\/)/.test(asset.id)) return asset.id;
  const base = (service: string, resource: string) => arnOf({ service, region, account, resource });
  if (providerOf(asset.type) === 'azure')
    return `/subscriptions/${asset.accountId}/resourcegroups/offline/providers/${asset.type}/${asset.id}`.toLowerCase();
  if (providerOf(asset.type) === 'gcp')
    return `//${asset.type.split('/')[0]}/projects/${asset.accountId}/regions/${asset.region}/${asset.type.split('/')[1]}/${asset.id}`;
  switch (kindOf(asset.type)) {
    case 'instance':
      return base('ec2', `instance/${asset.id}`);
    case 'volume':
      return base('ec2', `volume/${asset.id}`);
    case 'address':
      return base('ec2', `elastic-ip/${asset.id}`);
    case 'load-balancer':
      return base('elasticloadbalancing', `loadbalancer/app/${asset.id}`);
    case 'database':
      return base('rds', `db:${asset.id}`);
    case 'resource':
      return base(asset.type.split('::')[1]?.toLowerCase() ?? 'aws', asset.id);
  }
}

function costOf(c: OfflineCase, observedAt: string): AssetRecord['cost'] {
  if (c.cost === null) return null;
  const { commitment } = c.cost;
  return {
    ResourceId: c.asset.id,
    SubAccountId: c.asset.accountId,
    RegionId: c.asset.region,
    ServiceName: c.cost.serviceName,
    BillingCurrency: c.cost.currency,
    ChargePeriodStart: new Date(Date.parse(observedAt) - 14 * DAY_MS).toISOString(),
    ChargePeriodEnd: observedAt,
    BilledCost: '0',
    EffectiveCost: '0',
    CommitmentDiscountType: commitment?.type ?? null,
    CommitmentDiscountId: null,
    commitmentCoverage: commitment?.coverage ?? 0,
    commitmentEndsAt: commitment?.endsAt ?? null,
    monthlyRunRate: c.cost.monthlyRunRate,
    basis: c.cost.basis,
    dailyTrend: [],
  };
}

const CLASS = { vulnerability: 2002, misconfiguration: 2003, detection: 2004, data: 2006 } as const;
const SEVERITY = { unknown: 0, informational: 1, low: 2, medium: 3, high: 4, critical: 5 } as const;
const STATUS = { open: 1, suppressed: 3, resolved: 4 } as const;

function postureOf(c: OfflineCase, observedAt: string): Posture | null {
  if (c.posture === null) return null;
  const { findings, ...flags } = c.posture;
  return {
    source: 'offline',
    vendorId: c.asset.id,
    observedAt,
    ...flags,
    findings: findings.map((f, i) => ({
      uid: `finding-${i + 1}`,
      class_uid: CLASS[f.class],
      title: f.title,
      severity_id: SEVERITY[f.severity],
      status_id: STATUS[f.status],
      first_seen_time: null,
      last_seen_time: null,
      cve:
        f.cve === null && f.knownExploited === null && f.exploitAvailable === null
          ? null
          : { uid: f.cve ?? 'unknown', known_exploited: f.knownExploited, is_exploit_available: f.exploitAvailable },
      isIssue: false,
    })),
  };
}
