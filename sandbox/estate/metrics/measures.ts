import { kindOf } from '../kinds.ts';
import { noise } from '../random.ts';
import type { SeededAsset } from '../types.ts';
import { between, type LoadShape } from './shape.ts';

/** How one CloudWatch metric follows from a load shape, per hour. */
export interface Measure {
  /** A level keeps its lowest value within an hour; a gauge dips below it. */
  readonly kind: 'gauge' | 'counter' | 'level';
  read(shape: LoadShape, key: number, hour: number): number | null;
}

const REQUEST_BYTES = 6_000;
const OPERATION_BYTES = 16_384;

const counter = (convert: (bytes: number, key: number, hour: number) => number): Measure => ({
  kind: 'counter',
  read: (shape, key, hour) => {
    const bytes = shape.bytes(key, hour);
    return bytes === null ? null : Math.round(convert(bytes, key, hour));
  },
});

const INSTANCE: Readonly<Record<string, Measure>> = {
  CPUUtilization: { kind: 'gauge', read: (shape, key, hour) => shape.cpu(key, hour) },
  NetworkIn: counter((bytes) => bytes),
  NetworkOut: counter((bytes, key, hour) => bytes * between(noise(key, hour, 2), 0.6, 1)),
  NetworkPacketsIn: counter((bytes) => bytes / 800),
  NetworkPacketsOut: counter((bytes) => bytes / 900),
};

/** Published only where the CloudWatch agent runs. */
const MEMORY: Measure = {
  kind: 'gauge',
  read: (shape, key, hour) => (shape.cpu(key, hour) === null ? null : between(noise(key, hour, 3), 24, 31)),
};
/** Azure says what is left instead of what is used. */
const FREE_MEMORY: Measure = {
  kind: 'level',
  read: (shape, key, hour) => {
    const used = MEMORY.read(shape, key, hour);
    return used === null ? null : 100 - used;
  },
};
const WITH_AGENT = new Set(['over-provisioned', 'idle-oversized', 'idle-resize-fails']);

const VOLUME: Readonly<Record<string, Measure>> = {
  VolumeReadOps: counter((bytes) => bytes / OPERATION_BYTES),
  VolumeWriteOps: counter((bytes) => (bytes * 0.7) / OPERATION_BYTES),
  VolumeReadBytes: counter((bytes) => bytes),
  VolumeWriteBytes: counter((bytes) => bytes * 0.7),
};

const APPLICATION: Readonly<Record<string, Measure>> = {
  RequestCount: counter((bytes) => bytes / REQUEST_BYTES),
  ProcessedBytes: counter((bytes) => bytes),
  NewConnectionCount: counter((bytes) => bytes / (4 * REQUEST_BYTES)),
  ActiveConnectionCount: counter((bytes) => bytes / (4 * REQUEST_BYTES)),
};

const NETWORK: Readonly<Record<string, Measure>> = {
  NewFlowCount: counter((bytes) => bytes / REQUEST_BYTES),
  ActiveFlowCount: counter((bytes) => bytes / REQUEST_BYTES),
  ProcessedBytes: counter((bytes) => bytes),
};

/** A server that nobody uses has no connection, and a little load of its own. */
const DATABASE: Readonly<Record<string, Measure>> = {
  DatabaseConnections: {
    kind: 'gauge',
    read: (shape, key, hour) => {
      const bytes = shape.bytes(key, hour);
      return bytes === null ? null : Math.ceil(bytes / (40 * REQUEST_BYTES));
    },
  },
  CPUUtilization: {
    kind: 'gauge',
    read: (shape, key, hour) => shape.cpu(key, hour) ?? between(noise(key, hour, 4), 0.4, 1.2),
  },
  ReadIOPS: counter((bytes) => bytes / OPERATION_BYTES),
  WriteIOPS: counter((bytes) => (bytes * 0.7) / OPERATION_BYTES),
};

/** What Azure Monitor and Cloud Monitoring call the same measurements. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'Percentage CPU': 'CPUUtilization',
  'Network In Total': 'NetworkIn',
  'Network Out Total': 'NetworkOut',
  'Composite Disk Read Operations/sec': 'VolumeReadOps',
  'Composite Disk Write Operations/sec': 'VolumeWriteOps',
  ByteCount: 'ProcessedBytes',
  avg_cpu_percent: 'CPUUtilization',
  'agent.googleapis.com/memory/percent_used': 'mem_used_percent',
  'compute.googleapis.com/instance/cpu/utilization': 'CPUUtilization',
  'compute.googleapis.com/instance/network/received_bytes_count': 'NetworkIn',
  'compute.googleapis.com/instance/network/sent_bytes_count': 'NetworkOut',
  'compute.googleapis.com/instance/disk/read_ops_count': 'VolumeReadOps',
  'compute.googleapis.com/instance/disk/write_ops_count': 'VolumeWriteOps',
  'cloudsql.googleapis.com/database/cpu/utilization': 'CPUUtilization',
  'cloudsql.googleapis.com/database/network/connections': 'DatabaseConnections',
};

/** The metric as this asset publishes it, or undefined when it does not. */
export function measure(asset: SeededAsset, wanted: string): Measure | undefined {
  const metric = ELSEWHERE[wanted] ?? wanted;
  switch (kindOf(asset.resourceType)) {
    case 'instance':
      if (metric === 'mem_used_percent') return WITH_AGENT.has(asset.archetype) ? MEMORY : undefined;
      if (metric === 'Available Memory Percentage') return WITH_AGENT.has(asset.archetype) ? FREE_MEMORY : undefined;
      return INSTANCE[metric];
    case 'volume':
      return VOLUME[metric];
    case 'load-balancer':
      return (asset.loadBalancer?.type === 'network' ? NETWORK : APPLICATION)[metric];
    case 'database':
      return DATABASE[metric];
    case 'address':
    case 'resource':
      return undefined;
  }
}
