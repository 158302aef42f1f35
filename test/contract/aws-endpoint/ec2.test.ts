import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CreateSnapshotCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  ModifyInstanceAttributeCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  DeleteLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { RegionalClients } from '../../../providers/cloud/aws/clients.ts';
import { SandboxRole, SandboxUser, sandboxRoleArn } from '../../../sandbox/aws/index.ts';
import { ACCOUNT, type AwsFixture, asset, OTHER_ACCOUNT, REGION, sandboxClients, startAws } from '../../helpers/aws.ts';

const DAY = 86_400_000;

describe('AWS endpoint: EC2 and load balancers', () => {
  let fixture: AwsFixture;
  let admin: RegionalClients;
  const idle = asset('idle-1', {
    resourceType: 'AWS::EC2::Instance',
    instance: { instanceType: 'm5.large', extraVolumesGiB: [50] },
  });
  const protectedOne = asset('keep-1', {
    resourceType: 'AWS::EC2::Instance',
    instance: { instanceType: 'm5.large', deletionProtection: true },
  });
  const parked = asset('parked', {
    resourceType: 'AWS::EC2::Instance',
    createdDaysAgo: 90,
    instance: { instanceType: 't3.large', stopped: true },
  });
  const member = asset('member-1', {
    resourceType: 'AWS::EC2::Instance',
    instance: { instanceType: 'm5.large', scalingGroup: 'asg-a' },
  });
  const resized = asset('resized', { resourceType: 'AWS::EC2::Instance', instance: { instanceType: 'm5.2xlarge' } });
  const volume = asset('vol-old', { resourceType: 'AWS::EC2::Volume', volume: { sizeGiB: 80, volumeType: 'gp2' } });
  const balancer = asset('lb-1', {
    resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    loadBalancer: { type: 'application', targets: ['member-1'] },
  });
  const elsewhere = asset('other-1', { resourceType: 'AWS::EC2::Instance', accountId: OTHER_ACCOUNT });

  before(async () => {
    fixture = await startAws([idle, protectedOne, parked, member, resized, volume, balancer, elsewhere]);
    admin = await adminClients(fixture, ACCOUNT);
  });
  after(() => fixture.stop());

  const instance = async (id: string) => {
    const answer = await admin.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return answer.Reservations?.[0]?.Instances?.[0];
  };
  const state = async (id: string) => (await instance(id))?.State?.Name;
  const reaches = async (id: string, wanted: string) => {
    for (let i = 0; i < 60 && (await state(id)) !== wanted; i++) await new Promise((r) => setTimeout(r, 25));
    assert.equal(await state(id), wanted);
  };

  it('shows ages, tags, architecture and auto scaling membership from the estate', async () => {
    const seen = await instance(member.resourceId);
    assert.ok(Math.abs(Date.now() - 60 * DAY - (seen?.LaunchTime?.getTime() ?? 0)) < 60_000);
    const tags = Object.fromEntries((seen?.Tags ?? []).map((t) => [t.Key, t.Value]));
    assert.equal(tags['Name'], 'member-1');
    assert.equal(tags['environment'], 'test');
    assert.equal(tags['aws:autoscaling:groupName'], 'asg-a');
    assert.equal(seen?.Architecture, 'x86_64');
    const volumes = await admin.ec2.send(new DescribeVolumesCommand({ VolumeIds: [volume.resourceId] }));
    assert.equal(volumes.Volumes?.[0]?.State, 'available');
    assert.ok(Date.now() - (volumes.Volumes?.[0]?.CreateTime?.getTime() ?? 0) > 59 * DAY);
  });

  it('says since when a parked instance is stopped', async () => {
    const reason = (await instance(parked.resourceId))?.StateTransitionReason ?? '';
    const since = /\((.+) GMT\)/.exec(reason)?.[1] ?? '';
    assert.equal(Math.round((Date.now() - Date.parse(`${since.replace(' ', 'T')}Z`)) / DAY), 60);
  });

  it('keeps accounts and regions apart', async () => {
    const other = await adminClients(fixture, OTHER_ACCOUNT);
    const seen = await other.ec2.send(new DescribeInstancesCommand({}));
    const ids = seen.Reservations?.flatMap((r) => r.Instances?.map((i) => i.InstanceId) ?? []);
    assert.deepEqual(ids, [elsewhere.resourceId]);
  });

  it('takes its time to stop and to start, and refuses what the state does not allow', async () => {
    const id = idle.resourceId;
    const target = { InstanceId: id, InstanceType: { Value: 't3.small' } };
    await assert.rejects(admin.ec2.send(new ModifyInstanceAttributeCommand(target)), {
      name: 'IncorrectInstanceState',
    });
    await admin.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    assert.equal(await state(id), 'stopping');
    await assert.rejects(admin.ec2.send(new StartInstancesCommand({ InstanceIds: [id] })), {
      name: 'IncorrectInstanceState',
    });
    await reaches(id, 'stopped');
    await admin.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    assert.equal(await state(id), 'pending');
    const early = await admin.ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [id] }));
    assert.equal(early.InstanceStatuses?.[0]?.InstanceStatus?.Status, 'initializing');
    await reaches(id, 'running');
    assert.ok(Date.now() - ((await instance(id))?.LaunchTime?.getTime() ?? 0) < 60_000);
    assert.equal(fixture.aws.effects('ec2:StopInstances', id).length, 1);
  });

  it('starts a resized instance only where there is capacity, and refuses another architecture', async () => {
    const id = resized.resourceId;
    const modify = (Value: string) =>
      admin.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType: { Value } }));
    await fixture.aws.world({ do: 'no-capacity', resourceId: id });
    await admin.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await reaches(id, 'stopped');
    await assert.rejects(modify('m6g.large'), { name: 'InvalidParameterValue' });
    await assert.rejects(modify('bogus.large'), { name: 'InvalidParameterValue' });
    await modify('m5.large');
    const impatient = await withoutRetries(fixture);
    await assert.rejects(impatient.ec2.send(new StartInstancesCommand({ InstanceIds: [id] })), {
      name: 'InsufficientInstanceCapacity',
    });
    await modify('m5.2xlarge');
    await admin.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await reaches(id, 'running');
  });

  it('lists load balancers with their age and their registered targets', async () => {
    const seen = await admin.elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [balancer.assetKey] }));
    assert.ok(Date.now() - (seen.LoadBalancers?.[0]?.CreatedTime?.getTime() ?? 0) > 59 * DAY);
    const groups = await admin.elb.send(new DescribeTargetGroupsCommand({ LoadBalancerArn: balancer.assetKey }));
    const TargetGroupArn = groups.TargetGroups?.[0]?.TargetGroupArn;
    const health = await admin.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    assert.deepEqual(
      health.TargetHealthDescriptions?.map((t) => t.Target?.Id),
      [member.resourceId],
    );
  });

  it('protects what is protected, and never resurrects the terminated', async () => {
    await assert.rejects(admin.ec2.send(new TerminateInstancesCommand({ InstanceIds: [protectedOne.resourceId] })), {
      name: 'OperationNotPermitted',
    });
    const facts = await admin.ec2.send(
      new DescribeInstanceAttributeCommand({ InstanceId: protectedOne.resourceId, Attribute: 'disableApiTermination' }),
    );
    assert.equal(facts.DisableApiTermination?.Value, true);
    const arn = balancer.assetKey;
    const protect = (Value: string) =>
      admin.elb.send(
        new ModifyLoadBalancerAttributesCommand({
          LoadBalancerArn: arn,
          Attributes: [{ Key: 'deletion_protection.enabled', Value }],
        }),
      );
    await protect('true');
    await assert.rejects(
      admin.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn })),
      /deletion protection/,
    );
    await protect('false');
    await fixture.aws.world({ do: 'terminate', resourceId: member.resourceId });
    await reaches(member.resourceId, 'terminated');
    await assert.rejects(admin.ec2.send(new StartInstancesCommand({ InstanceIds: [member.resourceId] })), {
      name: 'IncorrectInstanceState',
    });
    assert.equal(fixture.aws.effects('ec2:TerminateInstances', member.resourceId).length, 0);
  });

  it('lets snapshots take time, fail, or never end', async () => {
    const take = () => admin.ec2.send(new CreateSnapshotCommand({ VolumeId: volume.resourceId }));
    const status = async (id?: string) =>
      (await admin.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [id as string] }))).Snapshots?.[0]?.State;
    const good = await take();
    assert.equal(good.State, 'pending');
    assert.equal(await status(good.SnapshotId), 'pending');
    await fixture.aws.world({ do: 'snapshot-stuck', resourceId: volume.resourceId });
    const stuck = await take();
    await fixture.aws.world({ do: 'snapshot-fails', resourceId: volume.resourceId });
    const bad = await take();
    await new Promise((r) => setTimeout(r, 200));
    assert.equal(await status(good.SnapshotId), 'completed');
    assert.equal(await status(bad.SnapshotId), 'error');
    assert.equal(await status(stuck.SnapshotId), 'pending');
  });

  it('cuts the connection after the effect, and throttles, when told to', async () => {
    const impatient = await withoutRetries(fixture);
    const stop = new StopInstancesCommand({ InstanceIds: [idle.resourceId] });
    const done = fixture.aws.effects('ec2:StopInstances', idle.resourceId).length;
    fixture.aws.faults.push({ kind: 'reset-after-effect', body: 'Action=StopInstances', times: 1 });
    await assert.rejects(impatient.ec2.send(stop));
    assert.equal(fixture.aws.effects('ec2:StopInstances', idle.resourceId).length, done + 1);
    const responseBody =
      '<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow down</Message></Error></Errors></Response>';
    fixture.aws.faults.push({ kind: 'status', status: 503, responseBody, body: 'Action=DescribeVolumes', times: 1 });
    await assert.rejects(impatient.ec2.send(new DescribeVolumesCommand({})), { name: 'RequestLimitExceeded' });
  });

  it('writes down who did what', () => {
    const [entry] = fixture.aws.journal.entries().filter((e) => e.label?.startsWith('ec2:StopInstances'));
    assert.equal(entry?.label, `ec2:StopInstances ${SandboxRole.Admin}/test`);
    assert.ok(!JSON.stringify(fixture.aws.journal.entries()).includes('SessionToken'));
  });
});

/** Full rights in one account, for looking at and shaking the estate. */
async function adminClients(fixture: AwsFixture, accountId: string, maxAttempts = 3): Promise<RegionalClients> {
  const credentials = { accessKeyId: SandboxUser.admin.accessKeyId, secretAccessKey: 'x' };
  const sts = new STSClient({ endpoint: fixture.url, region: REGION, credentials });
  const role = { RoleArn: sandboxRoleArn(accountId, SandboxRole.Admin), RoleSessionName: 'test' };
  const { Credentials: c } = await sts.send(new AssumeRoleCommand(role));
  return sandboxClients(fixture.url, fixture.estate, 'read', maxAttempts).clientsFor({
    accountId,
    region: REGION,
    credentials: {
      accessKeyId: c?.AccessKeyId ?? '',
      secretAccessKey: c?.SecretAccessKey ?? '',
      sessionToken: c?.SessionToken ?? '',
    },
  });
}

/** The same without retries. */
const withoutRetries = (fixture: AwsFixture) => adminClients(fixture, ACCOUNT, 1);
