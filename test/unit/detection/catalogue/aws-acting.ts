import { address, balancer, database, disk, inUse, once, vm } from './facts.ts';
import type { RuleCase } from './rule-case.ts';

const quiet = { CPUUtilization: 1, NetworkIn: 30_000, NetworkOut: 30_000 };
const VM = 'AWS::EC2::Instance';
const DB = 'AWS::RDS::DBInstance';

/** AWS rules that lead to an action. */
export const AWS_ACTING: Readonly<Record<string, RuleCase>> = {
  'aws-ec2-instance-idle': {
    facts: vm(VM),
    series: quiet,
    busy: [
      { series: { CPUUtilization: 3 }, because: 'cpu-p95-above-threshold' },
      { series: { CPUUtilization: once(15, 1) }, because: 'cpu-peak-above-threshold' },
      { series: { NetworkIn: 200_000 }, because: 'network-above-threshold' },
      { series: { NetworkOut: once(100_000_000) }, because: 'network-above-threshold' },
      { series: { CPUUtilization: (back) => (back % 168 === 5 ? 8 : 1) }, because: 'periodic-peak:weekly' },
    ],
    unsure: [{ facts: { state: 'pending' }, because: 'state-not-running:pending' }],
  },
  'aws-ec2-instance-over-provisioned': {
    facts: vm(VM),
    series: { CPUUtilization: 12, mem_used_percent: 28 },
    busy: [
      { series: { CPUUtilization: 41 }, because: 'cpu-p99-needs-this-size' },
      { series: { CPUUtilization: once(50, 12) }, because: 'cpu-peak-needs-this-size' },
      { series: { mem_used_percent: 41 }, because: 'memory-needs-this-size' },
    ],
  },
  'aws-ec2-instance-stopped-long': {
    facts: vm(VM, { state: 'stopped', stoppedAt: '2026-03-01T00:00:00.000Z' }),
    busy: [inUse('facts.state', 'running')],
    unsure: [
      { facts: { stoppedAt: null }, because: 'stopped-since-unknown' },
      { facts: { stoppedAt: '2026-05-01T00:00:00.000Z' }, because: 'stopped-recently' },
    ],
  },
  'aws-ebs-volume-unattached': {
    facts: disk('AWS::EC2::Volume'),
    series: { VolumeReadOps: null, VolumeWriteOps: null },
    silence: true,
    busy: [{ facts: { state: 'in-use', attachedInstanceIds: ['i-1'] }, because: 'attached' }],
    unsure: [
      { series: { VolumeReadOps: once(1) }, because: 'used-recently' },
      // Nought operations are a sample, and only what is attached has samples.
      { series: { VolumeReadOps: once(0) }, because: 'attached-recently' },
      { series: { VolumeWriteOps: -1 }, because: 'metrics-invalid:VolumeWriteOps' },
    ],
  },
  'aws-eip-unassociated': {
    facts: address('AWS::EC2::EIP'),
    busy: [{ facts: { networkInterfaceId: 'eni-1' }, because: 'associated' }],
  },
  'aws-elbv2-no-targets': {
    facts: balancer('AWS::ElasticLoadBalancingV2::LoadBalancer'),
    busy: [{ facts: { registeredTargets: 1 }, because: 'has-targets' }],
    unsure: [{ facts: { backendGroupIds: [] }, because: 'may-answer-without-targets' }],
  },
  'aws-elbv2-idle-traffic': {
    facts: balancer('AWS::ElasticLoadBalancingV2::LoadBalancer', { registeredTargets: 1 }),
    series: { RequestCount: once(9), ActiveConnectionCount: once(2), ProcessedBytes: once(90_000) },
    busy: [
      { series: { RequestCount: once(10) }, because: 'requests-above-threshold' },
      { series: { ActiveConnectionCount: 1 }, because: 'connections-seen' },
      { series: { ActiveConnectionCount: (back) => (back % 12 === 0 ? 3 : 0) }, because: 'connections-seen' },
      { series: { ProcessedBytes: once(5_000_000) }, because: 'traffic-above-threshold' },
    ],
    unsure: [
      { series: { ActiveConnectionCount: null }, because: 'metrics-empty:ActiveConnectionCount' },
      { facts: { loadBalancerType: 'network' }, because: 'metrics-missing:NewFlowCount' },
    ],
  },
  'aws-rds-idle': {
    facts: database(DB),
    series: { DatabaseConnections: 0, CPUUtilization: 4 },
    busy: [
      { series: { DatabaseConnections: once(1) }, because: 'connections-seen' },
      { series: { CPUUtilization: 10 }, because: 'cpu-p95-above-threshold' },
      { series: { CPUUtilization: once(50, 4) }, because: 'cpu-peak-above-threshold' },
    ],
    unsure: [
      { facts: { replicaOf: 'arn:aws:rds:us-east-1:111122223333:db:main' }, because: 'excluded:replica' },
      { facts: { replicas: ['copy-1'] }, because: 'excluded:replica-source' },
      { facts: { clusterId: 'cluster-1' }, because: 'excluded:cluster-member' },
      { facts: { state: 'starting' }, because: 'state-not-available:starting' },
      { series: { DatabaseConnections: (back) => (back === 500 ? 3 : 0) }, because: 'load-before-confidence-window' },
    ],
  },
};
