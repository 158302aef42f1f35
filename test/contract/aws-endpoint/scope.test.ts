import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CreateSnapshotCommand,
  DescribeInstancesCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { DeleteLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type AssumeRequest, assumeRole } from '../../../providers/cloud/aws/credentials.ts';
import { isProviderError } from '../../../ports/errors.ts';
import { SandboxRole, SandboxUser, sandboxExternalId, sandboxRoleArn } from '../../../sandbox/aws/index.ts';
import { ACCOUNT, type AwsFixture, asset, OTHER_ACCOUNT, REGION, sandboxClients, startAws } from '../../helpers/aws.ts';

const allow = (Action: string | string[], Resource: string | string[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });

describe('AWS endpoint: who may do what', () => {
  let fixture: AwsFixture;
  let sts: STSClient;
  const one = asset('one');
  const two = asset('two');
  const volume = asset('disk', { resourceType: 'AWS::EC2::Volume', volume: { sizeGiB: 10, volumeType: 'gp3' } });
  const balancer = asset('lb', {
    resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    loadBalancer: { type: 'network', targets: [] },
  });

  before(async () => {
    fixture = await startAws([one, two, volume, balancer]);
    sts = stsOf(SandboxUser.executor.accessKeyId);
  });
  after(() => fixture.stop());

  const stsOf = (accessKeyId: string) =>
    new STSClient({ endpoint: fixture.url, region: REGION, credentials: { accessKeyId, secretAccessKey: 'x' } });

  const assume = (parts: Partial<AssumeRequest> = {}, role: SandboxRole = SandboxRole.Reversible) =>
    assumeRole(sts, {
      roleArn: sandboxRoleArn(ACCOUNT, role),
      sessionName: 'remediate-1',
      durationSeconds: 900,
      externalId: sandboxExternalId(ACCOUNT),
      sourceIdentity: 'decision-1',
      ...parts,
    });

  const as = async (parts: Partial<AssumeRequest> = {}, role: SandboxRole = SandboxRole.Reversible) =>
    sandboxClients(fixture.url, fixture.estate, 'reversible').clientsFor({
      accountId: ACCOUNT,
      region: REGION,
      credentials: await assume(parts, role),
    });

  it('issues a session only for the right external id, a sane duration and a well-formed policy', async () => {
    const refused = async (parts: Partial<AssumeRequest>, word: RegExp) =>
      assert.rejects(assume(parts), (e: Error) => isProviderError(e) && word.test(e.message));
    await refused({ externalId: 'guess' }, /AccessDenied/);
    await refused({ externalId: sandboxExternalId(OTHER_ACCOUNT) }, /AccessDenied/);
    await refused({ durationSeconds: 600 }, /durationSeconds/);
    await refused({ durationSeconds: 50_000 }, /durationSeconds/);
    await refused({ durationSeconds: 7200 }, /MaxSessionDuration/);
    await refused({ policy: '{"Statement":' }, /MalformedPolicyDocument/);
    await refused({ policy: allow('ec2:StopInstances', 'x'.repeat(2100)) }, /policy/);
    await refused({ sourceIdentity: 'not valid!' }, /sourceIdentity/);
    await refused({ roleArn: sandboxRoleArn(ACCOUNT, SandboxRole.Read) }, /AccessDenied/);
    const session = await assume({ durationSeconds: 900 });
    assert.ok(Math.abs(session.expiration.getTime() - Date.now() - 900_000) < 5_000);
  });

  it('says who the caller is, and gives long-lived users nothing but AssumeRole', async () => {
    const credentials = await assume();
    const mine = new STSClient({ endpoint: fixture.url, region: REGION, credentials });
    const who = await mine.send(new GetCallerIdentityCommand({}));
    assert.equal(who.Account, ACCOUNT);
    assert.match(who.Arn ?? '', /assumed-role\/IdlewiseExecutorReversible\/remediate-1$/);
    const user = { accessKeyId: SandboxUser.executor.accessKeyId, secretAccessKey: 'x' };
    const ec2 = new EC2Client({ endpoint: fixture.url, region: REGION, credentials: user });
    await assert.rejects(ec2.send(new DescribeInstancesCommand({})), { name: 'UnauthorizedOperation' });
    const nobody = { accessKeyId: 'AKIANOBODY0000000000', secretAccessKey: 'x' };
    const forged = new EC2Client({ endpoint: fixture.url, region: REGION, credentials: nobody });
    await assert.rejects(forged.send(new DescribeInstancesCommand({})), { name: 'AuthFailure' });
  });

  it('lets a one-action one-ARN session touch exactly that', async () => {
    const { ec2 } = await as({ policy: allow('ec2:StopInstances', one.assetKey) });
    const denied = { name: 'UnauthorizedOperation' };
    await assert.rejects(ec2.send(new StopInstancesCommand({ InstanceIds: [two.resourceId] })), denied);
    await assert.rejects(ec2.send(new StopInstancesCommand({ InstanceIds: [one.resourceId, two.resourceId] })), denied);
    await assert.rejects(ec2.send(new StartInstancesCommand({ InstanceIds: [one.resourceId] })), denied);
    await assert.rejects(ec2.send(new DescribeInstancesCommand({})), denied);
    const rehearsal = new StopInstancesCommand({ InstanceIds: [one.resourceId], DryRun: true });
    await assert.rejects(ec2.send(rehearsal), { name: 'DryRunOperation' });
    const foreign = new StopInstancesCommand({ InstanceIds: [two.resourceId], DryRun: true });
    await assert.rejects(ec2.send(foreign), denied);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [one.resourceId] }));
    const [effect, ...more] = fixture.aws.effects('ec2:StopInstances', one.resourceId);
    assert.equal(more.length, 0);
    assert.equal(effect?.sourceIdentity, 'decision-1');
    assert.equal(effect?.roleName, SandboxRole.Reversible);
    assert.equal(fixture.aws.effects('ec2:StopInstances', two.resourceId).length, 0);
  });

  it('keeps the reversible role from destroying, and both roles inside their boundary', async () => {
    const reversible = await as();
    const terminate = new TerminateInstancesCommand({ InstanceIds: [two.resourceId] });
    await assert.rejects(reversible.ec2.send(terminate), { name: 'UnauthorizedOperation' });
    for (const change of [{ DisableApiTermination: { Value: false } }, { DisableApiStop: { Value: false } }]) {
      const lift = new ModifyInstanceAttributeCommand({ InstanceId: two.resourceId, ...change });
      await assert.rejects(reversible.ec2.send(lift), { name: 'UnauthorizedOperation' });
    }
    const anonymous = await assumeWithoutSource();
    const ec2 = new EC2Client({ endpoint: fixture.url, region: REGION, credentials: anonymous });
    await ec2.send(new DescribeInstancesCommand({}));
    const stop = new StopInstancesCommand({ InstanceIds: [two.resourceId] });
    await assert.rejects(ec2.send(stop), { name: 'UnauthorizedOperation' });
  });

  const assumeWithoutSource = () => {
    const { sourceIdentity: _, ...rest } = {
      roleArn: sandboxRoleArn(ACCOUNT, SandboxRole.Reversible),
      sessionName: 'remediate-2',
      durationSeconds: 900,
      externalId: sandboxExternalId(ACCOUNT),
      sourceIdentity: '',
    };
    return assumeRole(sts, rest);
  };

  it('demands the right to tag what is created, and snapshot ARNs without an account', async () => {
    const TagSpecifications = [{ ResourceType: 'snapshot' as const, Tags: [{ Key: 'plan', Value: 'abc' }] }];
    const snapshot = new CreateSnapshotCommand({ VolumeId: volume.resourceId, TagSpecifications });
    const snapshots = `arn:aws:ec2:${REGION}::snapshot/*`;
    const untagged = await as(
      { policy: allow('ec2:CreateSnapshot', [volume.assetKey, snapshots]) },
      SandboxRole.Destructive,
    );
    await assert.rejects(untagged.ec2.send(snapshot), /ec2:CreateTags/);
    const owned = snapshots.replace('::', `:${ACCOUNT}:`);
    const wrong = allow(['ec2:CreateSnapshot', 'ec2:CreateTags'], [volume.assetKey, owned]);
    await assert.rejects((await as({ policy: wrong }, SandboxRole.Destructive)).ec2.send(snapshot), {
      name: 'UnauthorizedOperation',
    });
    const right = allow(['ec2:CreateSnapshot', 'ec2:CreateTags'], [volume.assetKey, snapshots]);
    const made = await (await as({ policy: right }, SandboxRole.Destructive)).ec2.send(snapshot);
    assert.equal(made.Tags?.[0]?.Value, 'abc');
  });

  it('refuses load balancer calls in that service’s own words', async () => {
    const { elb } = await as(
      { policy: allow('elasticloadbalancing:DeleteLoadBalancer', `${balancer.assetKey}x`) },
      SandboxRole.Destructive,
    );
    const remove = new DeleteLoadBalancerCommand({ LoadBalancerArn: balancer.assetKey });
    await assert.rejects(elb.send(remove), { name: 'AccessDenied' });
    const right = await as(
      { policy: allow('elasticloadbalancing:DeleteLoadBalancer', balancer.assetKey) },
      SandboxRole.Destructive,
    );
    await right.elb.send(remove);
    assert.equal(fixture.aws.effects('elasticloadbalancing:DeleteLoadBalancer', balancer.assetKey).length, 1);
  });

  it('stops honouring expired credentials', async () => {
    const { ec2 } = await as();
    await ec2.send(new DescribeInstancesCommand({}));
    await fixture.aws.world({ do: 'expire-credentials' });
    await assert.rejects(ec2.send(new DescribeInstancesCommand({})), { name: 'RequestExpired' });
  });

  it('gives the executor outside an action nothing but reads', async () => {
    const clients = sandboxClients(fixture.url, fixture.estate, 'destructive');
    const { ec2 } = clients.clientsFor({ accountId: ACCOUNT, region: REGION });
    await ec2.send(new DescribeInstancesCommand({}));
    await assert.rejects(ec2.send(new StopInstancesCommand({ InstanceIds: [two.resourceId] })), {
      name: 'UnauthorizedOperation',
    });
    clients.destroy();
  });

  it('remembers what was refused and why', () => {
    const refused = fixture.aws.mutations().filter((m) => m.errorCode !== null);
    assert.ok(refused.some((m) => m.operation === 'ec2:TerminateInstances' && m.errorCode === 'UnauthorizedOperation'));
    assert.ok(fixture.aws.mutations().some((m) => m.dryRun && m.errorCode === null));
  });
});
