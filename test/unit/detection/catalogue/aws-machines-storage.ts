import { above, configured, database, disk, inUse, LONG_AGO, once, resource, vm, YESTERDAY } from './facts.ts';
import type { RuleCase } from './rule-case.ts';

const VM = 'AWS::EC2::Instance';
const VOLUME = 'AWS::EC2::Volume';
const DB = 'AWS::RDS::DBInstance';

/** AWS rules that are only reported, about machines, groups, storage and database servers. */
export const AWS_MACHINES_STORAGE: Readonly<Record<string, RuleCase>> = {
  'aws-ec2-instance-old-generation': configured(
    vm(VM, { instanceType: 't2.medium' }),
    inUse('facts.instanceType', 't3.medium'),
    inUse('facts.state', 'stopped'),
  ),
  'aws-ec2-instance-very-large': configured(
    vm(VM, { instanceType: 'r6i.metal' }),
    inUse('facts.instanceType', 'm5.4xlarge'),
    inUse('facts.state', 'stopped'),
  ),
  'aws-ec2-instance-long-running': configured(
    vm(VM),
    inUse('facts.launchTime', YESTERDAY),
    inUse('facts.state', 'stopped'),
  ),
  'aws-asg-idle': {
    facts: resource('AWS::AutoScaling::AutoScalingGroup', { 'instances.count': 2 }),
    series: { CPUUtilization: 1, NetworkIn: 30_000, NetworkOut: 30_000 },
    busy: [
      inUse('instances.count', 0),
      above('CPUUtilization', 4),
      above('CPUUtilization', once(16, 1)),
      above('NetworkIn', 300_000),
      above('NetworkOut', once(6_000_000)),
    ],
    unsure: [
      {
        series: { CPUUtilization: (back) => (back === 500 ? 20 : 1) },
        because: 'load-before-confidence-window',
      },
    ],
  },
  'aws-asg-empty': configured(
    resource('AWS::AutoScaling::AutoScalingGroup', { desiredCapacity: 0, 'instances.count': 0 }),
    inUse('desiredCapacity', 1),
    inUse('instances.count', 1),
  ),
  'aws-ebs-volume-idle-io': {
    facts: disk(VOLUME, { state: 'in-use', attachedInstanceIds: ['i-1'] }),
    series: { VolumeReadOps: 0, VolumeWriteOps: 0 },
    busy: [
      { series: { VolumeWriteOps: once(1) }, because: 'volume-operations-seen' },
      inUse('facts.state', 'available'),
    ],
  },
  'aws-ebs-volume-gp2': configured(
    disk(VOLUME, { volumeType: 'gp2' }),
    inUse('facts.volumeType', 'gp3'),
    inUse('facts.state', 'error'),
  ),
  'aws-ebs-volume-io1': configured(
    disk(VOLUME, { volumeType: 'io2', iops: 16_000 }),
    inUse('facts.volumeType', 'gp3'),
    inUse('facts.iops', 16_001),
    inUse('facts.state', 'error'),
  ),
  'aws-ebs-volume-surplus-iops': {
    facts: disk(VOLUME, { state: 'in-use', iops: 6000 }),
    series: { VolumeReadOps: 90_000, VolumeWriteOps: 2_700_000 },
    busy: [
      inUse('facts.state', 'available'),
      inUse('facts.volumeType', 'io2'),
      inUse('facts.iops', 3000),
      above('VolumeReadOps', once(2_700_001)),
      above('VolumeWriteOps', once(2_700_001)),
    ],
    unsure: [{ facts: { iops: null }, because: 'attribute-unknown:facts.iops' }],
  },
  'aws-ebs-volume-very-large': configured(
    disk(VOLUME, { sizeGiB: 1000 }),
    inUse('facts.sizeGiB', 999),
    inUse('facts.state', 'error'),
  ),
  'aws-ebs-snapshot-old': configured(
    resource('AWS::EC2::Snapshot', {
      state: 'completed',
      startTime: LONG_AGO,
      storageTier: 'standard',
      description: '',
    }),
    inUse('state', 'pending'),
    inUse('startTime', YESTERDAY),
    inUse('storageTier', 'archive'),
    inUse('description', 'Created by CreateImage(i-0a1b) for ami-0c1d'),
    inUse('lockState', 'governance'),
  ),
  'aws-ami-unused': configured(
    resource('AWS::EC2::Image', {
      state: 'available',
      public: false,
      creationDate: LONG_AGO,
      lastLaunchedTime: LONG_AGO,
    }),
    inUse('state', 'deregistered'),
    inUse('public', true),
    inUse('creationDate', YESTERDAY),
    inUse('lastLaunchedTime', YESTERDAY),
  ),
  'aws-s3-bucket-no-lifecycle': configured(
    resource('AWS::S3::Bucket', { creationDate: LONG_AGO }),
    inUse('creationDate', YESTERDAY),
    inUse('lifecycleConfiguration.rules.count', 1),
  ),
  'aws-ecr-repository-no-lifecycle': configured(
    resource('AWS::ECR::Repository', { createdAt: LONG_AGO }),
    inUse('createdAt', YESTERDAY),
    inUse('lifecyclePolicy.lifecyclePolicyText', '{"rules":[]}'),
  ),
  'aws-log-group-no-retention': configured(
    // CloudWatch Logs writes epoch milliseconds.
    resource('AWS::Logs::LogGroup', { creationTime: Date.parse(LONG_AGO), storedBytes: 5e9 }),
    inUse('creationTime', Date.parse(YESTERDAY)),
    inUse('storedBytes', 1000),
    inUse('retentionInDays', 30),
  ),
  'aws-rds-low-cpu': {
    facts: database(DB),
    series: { CPUUtilization: 20 },
    busy: [inUse('facts.state', 'stopped'), above('CPUUtilization', 41)],
  },
  'aws-rds-stopped': configured(database(DB, { state: 'stopped' }), inUse('facts.state', 'available')),
  'aws-rds-old-generation': configured(
    database(DB, { instanceClass: 'db.m4.large' }),
    inUse('facts.instanceClass', 'db.m6g.large'),
  ),
  'aws-rds-long-running': configured(
    database(DB),
    inUse('facts.createTime', YESTERDAY),
    inUse('facts.state', 'stopped'),
  ),
  'aws-rds-snapshot-old': configured(
    resource('AWS::RDS::DBSnapshot', { status: 'available', snapshotType: 'manual', snapshotCreateTime: LONG_AGO }),
    inUse('status', 'creating'),
    inUse('snapshotType', 'automated'),
    inUse('snapshotCreateTime', YESTERDAY),
  ),
};
