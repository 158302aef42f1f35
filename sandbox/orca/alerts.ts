import type { Estate, SeededAsset } from '../estate/types.ts';
import { assetUniqueId, iso, modelOf, uuid } from './ids.ts';
import type { Thing } from './inventory.ts';
import type { Observation } from './state.ts';
import type { Json } from './types.ts';

/** One alert of the store; both interfaces show it, each in its own shape. */
export interface StoredAlert {
  readonly id: string;
  readonly asset: SeededAsset;
  readonly type: string;
  readonly title: string;
  readonly category: string;
  readonly severity: string;
  readonly labels: readonly string[];
  readonly createdAt: number;
  /** Epoch ms; null while it is open. */
  readonly closedAt: number | null;
}

type SeededFinding = SeededAsset['posture']['findings'][number];

const CATEGORY: Readonly<Record<Exclude<SeededFinding['kind'], 'vulnerability'>, string>> = {
  'toxic-combination': 'Network misconfigurations',
  misconfiguration: 'Workload misconfigurations',
  threat: 'Malicious activity',
};

/** The vendor's controls on cost, for what has no use any more. */
const UNUSED: Readonly<Record<string, string>> = {
  AwsEc2Instance: 'Stopped Ec2 instance not removed',
  AwsEc2EbsVolume: 'Ensure EBS volume is attached to an EC2 instance',
  GcpVmDisk: 'Ensure GCP disk is attached to a virtual machine',
};

/** Every alert of the estate, numbered the same way each time. */
export function storedAlerts(estate: Estate, seenOf: (asset: SeededAsset) => Observation | undefined): StoredAlert[] {
  const alerts: StoredAlert[] = [];
  for (const asset of estate.assets) {
    const seen = seenOf(asset);
    const createdAt = (estate.seededAt - Math.min(60, asset.createdDaysAgo) * 86_400) * 1000;
    const add = (alert: Pick<StoredAlert, 'type' | 'title' | 'category' | 'severity' | 'labels' | 'closedAt'>) =>
      alerts.push({ id: `orca-${alerts.length + 1}`, asset, createdAt, ...alert });
    for (const finding of asset.posture.findings) {
      if (finding.kind === 'vulnerability') continue;
      add({
        type: typeOf(finding),
        title: finding.title,
        category: /personal data/i.test(finding.title) ? 'Data at risk' : CATEGORY[finding.kind],
        severity: finding.severity.toLowerCase(),
        labels: finding.kind === 'threat' ? ['mitre: impact'] : ['source: orca scan'],
        closedAt: seen ? seen.from : null,
      });
    }
    const unused = isUnused(asset) ? UNUSED[modelOf(asset)] : undefined;
    // Only its end ends it: what is stopped or hangs on nothing stays so.
    if (unused !== undefined)
      add({
        type: unused,
        title: unused,
        category: 'Best practices',
        severity: 'informational',
        labels: ['cost optimization'],
        closedAt: seen?.state === 'gone' ? seen.from : null,
      });
  }
  return alerts;
}

const isUnused = (asset: SeededAsset): boolean =>
  asset.instance?.stopped === true || asset.archetype === 'unattached-volume';

const typeOf = (finding: SeededFinding): string => finding.title.toLowerCase().replace(/[^a-z0-9]+/g, '_');

const OLDER: Readonly<Record<string, readonly [severity: string, score: number]>> = {
  critical: ['compromised', 1],
  high: ['imminent compromise', 2],
  medium: ['hazardous', 3],
  low: ['hazardous', 3],
  informational: ['informational', 4],
};

/** The shape of `/api/query/alerts`. */
export function olderShape(estate: Estate, alert: StoredAlert): Json {
  const { asset } = alert;
  const [severity = '', score = 4] = OLDER[alert.severity] ?? [];
  return {
    type: alert.type,
    type_string: alert.title,
    rule_id: `r${uuid(estate.seed, `rule/${alert.type}`).slice(0, 11).replace('-', '')}`,
    category: alert.category,
    description: alert.title,
    alert_labels: alert.labels,
    asset_unique_id: assetUniqueId(estate, asset),
    asset_name: asset.name,
    asset_type: modelOf(asset),
    asset_regions: [asset.region],
    cloud_vendor_id: asset.accountId,
    configuration: { user_status: alert.closedAt === null ? 'open' : 'closed' },
    state: {
      alert_id: alert.id,
      status: alert.closedAt === null ? 'open' : 'closed',
      created_at: iso(alert.createdAt),
      last_seen: iso(alert.closedAt ?? estate.seededAt * 1000),
      last_updated: iso(alert.closedAt ?? alert.createdAt),
      closed_time: alert.closedAt === null ? null : iso(alert.closedAt),
      closed_reason: alert.closedAt === null ? null : 'system',
      severity,
      score,
    },
  };
}

/** The shape of the model Alert. */
export function alertThing(
  alert: StoredAlert,
  inventory: Thing,
  { estate, relation }: { readonly estate: Estate; readonly relation: string },
): Thing {
  const { CloudAccount } = inventory.related;
  return {
    id: uuid(estate.seed, `alert/${alert.id}`),
    name: alert.id,
    type: 'Alert',
    assetUniqueId: null,
    values: {
      AlertId: alert.id,
      AlertType: alert.type,
      Title: alert.title,
      Category: alert.category,
      RiskLevel: alert.severity,
      Status: alert.closedAt === null ? 'open' : 'closed',
      Labels: alert.labels,
      CveIds: [],
      CreatedAt: iso(alert.createdAt),
      LastSeen: iso(alert.closedAt ?? estate.seededAt * 1000),
      LastUpdated: iso(alert.closedAt ?? alert.createdAt),
    },
    related: { [relation]: inventory, ...(CloudAccount ? { CloudAccount } : {}) },
  };
}
