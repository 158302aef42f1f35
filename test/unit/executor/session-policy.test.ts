import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stsName, stsTag } from '../../../providers/cloud/aws/executor/session.ts';
import { MOST_KEYS } from '../../../domain/clouds/aws/checklist.ts';
import { sessionPolicy } from '../../../providers/cloud/aws/executor/session-policy.ts';

const ARN = 'arn:aws:ec2:eu-west-1:111111111111:instance/i-0aaaaaaaaaaaaaaaa';
const STOP = { action: 'ec2:StopInstances', resources: [ARN], role: 'reversible' as const };

test('one action on one ARN, and the describes that IAM cannot scope', () => {
  assert.deepEqual(JSON.parse(sessionPolicy(STOP)), {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Act', Effect: 'Allow', Action: 'ec2:StopInstances', Resource: [ARN] },
      { Sid: 'Look', Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*' },
    ],
  });
});

test('tagging is allowed only as part of the creating call', () => {
  const snapshots = 'arn:aws:ec2:eu-west-1::snapshot/*';
  const call = { ...STOP, action: 'ec2:CreateSnapshots', tagsCreated: snapshots };
  const { Statement } = JSON.parse(sessionPolicy(call)) as { Statement: unknown[] };
  assert.deepEqual(Statement[1], {
    Sid: 'TagCreated',
    Effect: 'Allow',
    Action: 'ec2:CreateTags',
    Resource: snapshots,
    Condition: { StringEquals: { 'ec2:CreateAction': 'CreateSnapshots' } },
  });
});

test('keys of disks may be used through EC2 alone, and grants be made for EC2 alone', () => {
  const keys = { arns: ['arn:aws:kms:eu-west-1:111111111111:key/k'], viaService: 'ec2.eu-west-1.amazonaws.com' };
  const { Statement } = JSON.parse(sessionPolicy({ ...STOP, action: 'ec2:StartInstances', keys })) as {
    Statement: { Sid: string }[];
  };
  assert.deepEqual(
    Statement.find((s) => s.Sid === 'Keys'),
    {
      Sid: 'Keys',
      Effect: 'Allow',
      Action: [
        'kms:CreateGrant',
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncrypt*',
      ],
      Resource: keys.arns,
      Condition: {
        StringEquals: { 'kms:ViaService': keys.viaService },
        BoolIfExists: { 'kms:GrantIsForAWSResource': 'true' },
      },
    },
  );
});

test('as many keys as are offered fit, however long their names', () => {
  const key = (i: number) => `arn:aws-us-gov:kms:us-gov-west-1:111111111111:key/mrk-${String(i).padStart(32, '0')}`;
  const resources = ['arn:aws-us-gov:ec2:us-gov-west-1:111111111111:instance/i-0aaaaaaaaaaaaaaaa'];
  const keys = {
    arns: Array.from({ length: MOST_KEYS }, (_, i) => key(i)),
    viaService: 'ec2.us-gov-west-1.amazonaws.com',
  };
  assert.ok(sessionPolicy({ ...STOP, action: 'ec2:StartInstances', resources, keys }).length <= 2048);
});

test('too long, unscoped or empty is refused before any call', () => {
  const many = Array.from({ length: 40 }, (_, i) => `${ARN}${i}`);
  for (const resources of [many, [], ['*']]) {
    assert.throws(() => sessionPolicy({ ...STOP, resources }), { kind: 'terminal' });
  }
});

test('names fit what STS takes, stay apart when shortened, and are left alone when they fit', () => {
  assert.equal(stsName('dec-1'), 'dec-1');
  const long = `slack/${'x'.repeat(200)}`;
  for (const text of [long, 'a', 'ü b', `${long}y`]) assert.match(stsName(text), /^[\w+=,.@-]{2,64}$/);
  assert.notEqual(stsName(long), stsName(`${long}y`));
  assert.notEqual(stsName('a/b'), stsName('a b'));
  assert.ok(stsTag('x'.repeat(400)).length <= 256);
  assert.equal(stsTag('remediate/acme/arn:aws:x'), 'remediate/acme/arn:aws:x');
  assert.equal(stsTag('a*b'), 'a-b');
});
