import type { ResourceType } from '../../schemas/asset.ts';
import type { MetricSeries } from '../../schemas/metrics.ts';

/** Every shape the seeded estate must contain; docs and tests name them by these words. */
export const Archetype = [
  'idle',
  'idle-exposed-kev',
  'idle-production',
  'idle-personal-data',
  'idle-oversized',
  'idle-reserved',
  'idle-owner-unknown',
  'idle-injected-tag',
  'idle-termination-protected',
  'idle-busy-after-approval',
  'idle-changed-after-approval',
  'idle-removed-by-hand',
  'idle-resize-fails',
  'idle-incident-opened',
  'weekly-load',
  'month-end-load',
  'steady-load',
  'spiky-load',
  'over-provisioned',
  'warm-dr-standby',
  'no-metrics',
  'half-metrics',
  'new',
  'excluded-by-tag',
  'auto-scaling-member',
  'stopped-long',
  'unattached-volume',
  'attached-volume',
  'new-volume',
  'unassociated-address',
  'associated-address',
  'idle-load-balancer',
  'busy-load-balancer',
  'targetless-load-balancer',
  'idle-database',
  'busy-database',
] as const;
export type Archetype = (typeof Archetype)[number];

/** What the scripted approver of `--demo` does with this asset, and what must come of it. */
export interface DemoScript {
  /** `world:*` steps change the estate behind Idlewise's back, before the button is pressed. */
  readonly steps: readonly (
    | { do: 'approve'; optionId: string; by: readonly string[] }
    | { do: 'reject'; reason: string; by: string }
    | { do: 'snooze'; hours: number; by: string }
    | { do: 'ignore' }
    | { do: 'world:busy' }
    | { do: 'world:retag'; key: string; value: string }
    | { do: 'world:terminate' }
    | { do: 'world:open-incident' }
    | { do: 'world:no-capacity' }
  )[];
  /** An Outcome, or `snoozed` for a run that must still be waiting. */
  readonly expected: string;
  /** True when the net saving may come out as nothing, so that having no run at all is right as well. */
  readonly mayBeAbsent?: boolean;
}

/** Ground truth and behaviour of one seeded asset. All sandbox services are fed from this. */
export interface SeededAsset {
  /** Stable handle, unique in the estate, e.g. `web-idle-3`. Also the Name tag. */
  readonly name: string;
  readonly archetype: Archetype;
  readonly accountId: string;
  readonly region: string;
  readonly resourceType: ResourceType;
  /** Filled when the cloud has created it. */
  resourceId: string;
  assetKey: string;
  readonly createdDaysAgo: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly environment: string;
  /** True label for precision and recall: may this be called idle? */
  readonly trulyIdle: boolean;
  /** Instance fields used when seeding moto; ignored for other types. */
  readonly instance?: {
    readonly instanceType: string;
    readonly deletionProtection?: boolean;
    readonly scalingGroup?: string;
    readonly extraVolumesGiB?: readonly number[];
    readonly stopped?: boolean;
    readonly publicIp?: boolean;
    /** Its disks are encrypted with this KMS key (ARN), or with the account's key for EBS. Left out: not encrypted. */
    readonly encryptedWith?: string | 'aws/ebs';
  };
  readonly volume?: {
    readonly sizeGiB: number;
    readonly volumeType: string;
    readonly attachedTo?: string;
    readonly encryptedWith?: string | 'aws/ebs';
  };
  readonly address?: { readonly attachedTo?: string };
  readonly database?: {
    readonly engine: string;
    readonly instanceClass: string;
    readonly storageGiB: number;
    readonly multiZone?: boolean;
  };
  readonly loadBalancer?: { readonly targets: readonly string[]; readonly type: 'application' | 'network' };
  /** Daily USD, decimal text, amortised; null: the bill has no row. */
  readonly dailyCost: string | null;
  readonly commitment?: { readonly type: 'reservation' | 'savings-plan'; readonly coverage: number };
  readonly posture: {
    readonly internetExposed: boolean;
    readonly openPorts: readonly string[];
    readonly adminPrivileges: boolean;
    readonly sensitiveData: boolean;
    readonly findings: readonly {
      readonly kind: 'vulnerability' | 'misconfiguration' | 'threat' | 'toxic-combination';
      readonly title: string;
      readonly severity: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
      readonly cve?: string;
      readonly kev?: boolean;
      readonly exploit?: boolean;
    }[];
  };
  readonly cmdb: {
    readonly criticality: 1 | 2 | 3 | 4 | null;
    readonly ownerEmail: string | null;
    readonly supportGroup: string | null;
    readonly maintenanceWindow: string | null;
    readonly disasterRecoveryRole: string | null;
    readonly dependents: readonly string[];
  } | null;
  /** IAM user that created it, for CloudTrail. */
  readonly createdBy: string | null;
  readonly demo: DemoScript | null;
}

/** One metric of one asset over a window; deterministic for a seed. Null values are periods without data. */
export type MetricGenerator = (
  asset: SeededAsset,
  query: {
    metric: string;
    statistic: MetricSeries['statistic'];
    startEpoch: number;
    endEpoch: number;
    periodSeconds: number;
    nowEpoch: number;
  },
) => (number | null)[];

export interface Estate {
  readonly seed: number;
  /** Epoch seconds at which the estate was seeded; ages count back from here. */
  readonly seededAt: number;
  readonly accounts: readonly { accountId: string; name: string; regions: readonly string[] }[];
  readonly assets: readonly SeededAsset[];
  readonly metric: MetricGenerator;
  /** Asset name → epoch seconds since when it is busy again (`world:busy`). Mutable: the metric generator reads it. */
  readonly busySince: Map<string, number>;
}
