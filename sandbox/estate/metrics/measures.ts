import { noise } from '../random.ts';
import type { SeededAsset } from '../types.ts';
import { between, type LoadShape } from './shape.ts';

/** How one CloudWatch metric follows from a load shape, per hour. */
export interface Measure {
  readonly kind: 'gauge' | 'counter';
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

/** The metric as this asset publishes it, or undefined when it does not. */
export function measure(asset: SeededAsset, metric: string): Measure | undefined {
  switch (asset.resourceType) {
    case 'AWS::EC2::Instance':
      if (metric === 'mem_used_percent') return WITH_AGENT.has(asset.archetype) ? MEMORY : undefined;
      return INSTANCE[metric];
    case 'AWS::EC2::Volume':
      return VOLUME[metric];
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
      return (asset.loadBalancer?.type === 'network' ? NETWORK : APPLICATION)[metric];
    case 'AWS::EC2::EIP':
      return undefined;
  }
}
