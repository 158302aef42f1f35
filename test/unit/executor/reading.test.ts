import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restoreSpec, snapshotTags } from '../../../providers/cloud/aws/executor/actions/volume-tags.ts';
import { callFailure } from '../../../providers/cloud/aws/executor/failure.ts';
import { type Snapshot, snapshotFaults } from '../../../providers/cloud/aws/executor/snapshots.ts';
import { describeByIds } from '../../../providers/cloud/aws/reader/by-ids.ts';
import { managedByFrom } from '../../../domain/controllers/controller-of.ts';
import { transitionTime } from '../../../providers/cloud/aws/reader/wire-instance.ts';
import { volumeFacts } from './facts.ts';

function awsError(name: string, message = name, httpStatusCode: number | undefined = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

test('absent ids are dropped by name, by halves when unnamed, and never take a neighbour with them', async () => {
  const there = new Set(['i-1', 'i-12', 'i-3']);
  for (const naming of [true, false]) {
    const asked: string[][] = [];
    const found = await describeByIds(['i-1', 'i-12', 'i-2', 'i-3'], { batch: 3, operation: 'x' }, async (ids) => {
      asked.push(ids);
      const gone = ids.filter((id) => !there.has(id));
      if (gone.length > 0)
        throw awsError('InvalidInstanceID.NotFound', naming ? `The IDs '${gone.join(', ')}' do not exist` : '?');
      return ids;
    });
    assert.deepEqual([...found].sort(), ['i-1', 'i-12', 'i-3']);
    assert.ok(asked.length <= 6);
  }
});

test('any other failure of a batch is an error, not absence', async () => {
  const failing = describeByIds(['i-1'], { batch: 10, operation: 'ec2:DescribeInstances' }, async () => {
    throw awsError('UnauthorizedOperation', 'no', 403);
  });
  await assert.rejects(failing, { kind: 'unauthorised', operation: 'ec2:DescribeInstances' });
});

test('what a failed call says of its effect', () => {
  assert.equal(callFailure(awsError('DryRunOperation', '', 412)), 'would-succeed');
  assert.equal(callFailure(awsError('RequestExpired')), 'expired');
  assert.equal(callFailure(awsError('InvalidVolume.NotFound')), 'absent');
  assert.equal(callFailure(awsError('UnauthorizedOperation', '', 403)), 'refused');
  assert.equal(callFailure(awsError('OperationNotPermitted')), 'refused');
  assert.equal(callFailure(awsError('InsufficientInstanceCapacity', '', 500)), 'refused');
  assert.equal(callFailure(awsError('InternalError', '', 500)), 'unknown');
  assert.equal(callFailure(awsError('RequestLimitExceeded', '', 503)), 'unknown');
  assert.equal(
    callFailure(Object.assign(awsError('Error', 'socket hang up', undefined), { code: 'ECONNRESET' })),
    'unknown',
  );
  assert.equal(callFailure(new SyntaxError('half an answer')), 'unknown');
  assert.equal(callFailure(new Error('anything')), 'unknown');
});

test('a set of snapshots counts only when complete, finished, equal in size and encryption', () => {
  const volumes = [
    { volumeId: 'vol-a', sizeGiB: 8, encrypted: false, encryptionKeyId: null },
    { volumeId: 'vol-b', sizeGiB: 9, encrypted: true, encryptionKeyId: 'key-1' },
  ];
  const snapshot = (change: Partial<Snapshot>): Snapshot => ({
    SnapshotId: 's',
    VolumeId: 'vol-a',
    VolumeSize: 8,
    Encrypted: false,
    KmsKeyId: null,
    State: 'completed',
    StateMessage: null,
    Tags: {},
    ...change,
  });
  const a = snapshot({});
  const b = snapshot({ SnapshotId: 't', VolumeId: 'vol-b', VolumeSize: 9, Encrypted: true, KmsKeyId: 'key-1' });
  assert.deepEqual(snapshotFaults(volumes, [a, b]), []);
  assert.deepEqual(snapshotFaults(volumes, [a]), ['snapshot:count:1-of-2', 'snapshot:missing:vol-b']);
  assert.deepEqual(snapshotFaults(volumes, [a, b, a]), ['snapshot:count:3-of-2']);
  assert.deepEqual(snapshotFaults(volumes, [a, { ...b, State: 'error' }]), ['snapshot:error:t']);
  assert.deepEqual(snapshotFaults(volumes, [a, { ...b, VolumeSize: 8 }]), ['snapshot:size:t']);
  assert.deepEqual(snapshotFaults(volumes, [a, { ...b, Encrypted: false }]), ['snapshot:encryption:t']);
  assert.deepEqual(snapshotFaults(volumes, [a, { ...b, KmsKeyId: 'key-2' }]), ['snapshot:key:t']);
  assert.deepEqual(snapshotFaults([], []), ['snapshot:no-volumes']);
});

test('the tags of a snapshot carry all that is needed to make its volume again', () => {
  const facts = volumeFacts({ tags: { Name: 'old', 'aws:x': '1', 'idlewise:y': '2' } });
  const Tags = Object.fromEntries(snapshotTags(facts, 'digest').map((t) => [t.Key, t.Value]));
  const spec = restoreSpec({ Tags } as unknown as Snapshot);
  assert.deepEqual(spec, {
    zone: 'eu-west-1a',
    volumeType: 'gp3',
    iops: 3000,
    throughput: 125,
    tags: [{ Key: 'Name', Value: 'old' }],
  });
  const gp2 = snapshotTags(volumeFacts({ volumeType: 'gp2', iops: 300, throughput: null }), 'd');
  const again = restoreSpec({ Tags: Object.fromEntries(gp2.map((t) => [t.Key, t.Value])) } as unknown as Snapshot);
  assert.equal(again?.iops, undefined);
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`k${i}`, 'v']));
  assert.equal(snapshotTags(volumeFacts({ tags: many }), 'd').length, 50);
  assert.equal(restoreSpec({ Tags: {} } as unknown as Snapshot), null);
});

test('who manages an asset, from its tags', () => {
  const managedBy = (tags: Record<string, string>) =>
    managedByFrom({ provider: 'aws', tags, name: tags['Name'] ?? '' });
  assert.equal(managedBy({ 'eks:cluster-name': 'blue' }), 'eks');
  assert.equal(managedBy({ 'aws:cloudformation:stack-name': 's' }), 'cloudformation');
  assert.equal(managedBy({ 'elasticbeanstalk:environment-id': 'e' }), 'beanstalk');
  assert.equal(managedBy({ 'aws:elasticmapreduce:job-flow-id': 'j' }), 'emr');
  assert.equal(managedBy({ 'managed-by': 'Terraform 1.9' }), 'terraform');
  assert.equal(managedBy({ terraform: 'true' }), 'terraform');
  assert.equal(managedBy({ terraform: 'false' }), null);
  assert.equal(managedBy({ Name: 'terraform-runner', owner: 'x' }), null);
});

test('the stop time is read from the transition reason, or not at all', () => {
  assert.equal(transitionTime('User initiated (2026-01-31 09:15:02 GMT)'), '2026-01-31T09:15:02.000Z');
  assert.equal(transitionTime('Client.UserInitiatedShutdown'), null);
  assert.equal(transitionTime(null), null);
});
