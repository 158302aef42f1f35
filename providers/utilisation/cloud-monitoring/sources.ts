import { parseGoogleName, valueOf } from '../../../domain/cloud-ids/index.ts';
import type { AssetRef } from '../../../schemas/asset.ts';
import type { ResourceType } from '../../../schemas/resource-type.ts';
import type { MetricRequest } from '../../../ports/utilisation.ts';

/** How time series find back to the assets of one type. */
export interface Source {
  /** Type of the monitored resource. */
  readonly resource: string;
  /** Label that is asked for by value, and the last one to group by. */
  readonly label: string;
  /** Label with the place, where names are unique only within one. */
  readonly placeLabel: string | null;
  /** Value of `label` for an asset. */
  valueOf(asset: AssetRef): string;
  /** Value of `placeLabel` for an asset. */
  placeOf(asset: AssetRef): string;
}

const lastPart = (asset: AssetRef) => asset.assetKey.split('/').at(-1) ?? '';
const zoneOf = (asset: AssetRef) => valueOf(parseGoogleName(asset.assetKey))?.place || asset.region;
const regionOf = (asset: AssetRef) => asset.region;

/**
 * Instances are named in the series' metadata; disks only by the device name they had on their machine, which is the disk's own
 * name unless somebody chose another: then there is no series, and no data is never taken for idleness.
 */
export const SOURCES: Partial<Record<ResourceType, Source>> = {
  'compute.googleapis.com/Instance': {
    resource: 'gce_instance',
    label: 'metadata.system_labels.name',
    placeLabel: 'resource.labels.zone',
    valueOf: lastPart,
    placeOf: zoneOf,
  },
  'compute.googleapis.com/Disk': {
    resource: 'gce_instance',
    label: 'metric.labels.device_name',
    placeLabel: 'resource.labels.zone',
    valueOf: lastPart,
    placeOf: zoneOf,
  },
  'compute.googleapis.com/VpnGateway': {
    resource: 'vpn_gateway',
    label: 'metric.labels.gateway_name',
    placeLabel: 'resource.labels.region',
    valueOf: lastPart,
    placeOf: regionOf,
  },
  'sqladmin.googleapis.com/Instance': {
    resource: 'cloudsql_database',
    label: 'resource.labels.database_id',
    placeLabel: null,
    valueOf: (asset) => `${asset.accountId}:${lastPart(asset)}`,
    placeOf: () => '',
  },
  'redis.googleapis.com/Instance': {
    resource: 'redis_instance',
    label: 'resource.labels.instance_id',
    placeLabel: null,
    valueOf: (asset) => asset.assetKey.replace(/^\/\/[^/]+\//, ''),
    placeOf: () => '',
  },
  'aiplatform.googleapis.com/Endpoint': {
    resource: 'aiplatform.googleapis.com/Endpoint',
    label: 'resource.labels.endpoint_id',
    placeLabel: 'resource.labels.location',
    valueOf: lastPart,
    placeOf: regionOf,
  },
  'run.googleapis.com/Service': {
    resource: 'cloud_run_revision',
    label: 'resource.labels.service_name',
    placeLabel: 'resource.labels.location',
    valueOf: lastPart,
    placeOf: regionOf,
  },
};

/** Of a metric that is split up further, the part that is meant. */
export const PART: Readonly<Record<string, string>> = {
  'agent.googleapis.com/memory/percent_used': 'metric.labels.state = "used"',
};

type Statistic = MetricRequest['statistic'];

/** What is made of the samples of one period. */
export const ALIGNER: Readonly<Record<Statistic, string>> = {
  Average: 'ALIGN_MEAN',
  Maximum: 'ALIGN_MAX',
  Minimum: 'ALIGN_MIN',
  Sum: 'ALIGN_SUM',
  SampleCount: 'ALIGN_COUNT',
};

/** What is made of several series of one asset, such as one per network card. */
export const REDUCER: Readonly<Record<Statistic, string>> = {
  Average: 'REDUCE_MEAN',
  Maximum: 'REDUCE_MAX',
  Minimum: 'REDUCE_MIN',
  Sum: 'REDUCE_SUM',
  SampleCount: 'REDUCE_SUM',
};

/** Written as a share of one by Google, read as percent by everybody else. */
export function isFraction(metric: string): boolean {
  return metric.endsWith('/utilization');
}

export function unitOf(metric: string): string {
  if (isFraction(metric) || metric.includes('percent')) return 'Percent';
  return metric.endsWith('bytes_count') ? 'Bytes' : 'Count';
}
