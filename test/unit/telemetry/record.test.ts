import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toRecord } from '../../../activities/telemetry/shape/record.ts';
import { secretIn } from '../../../activities/telemetry/shape/secrets.ts';

const event = (over: object = {}) => ({
  stream: 'remediation/r-1',
  seq: 4,
  eventId: 'r-1/run/outcome/OUTCOME',
  type: 'OUTCOME',
  at: '2026-03-02T09:00:00.000Z',
  actor: { kind: 'service', id: 'idlewise' },
  subject: 'r-1',
  hash: 'ab'.repeat(32),
  ...over,
});

const SECRETS = [
  'AKIAIOSFODNN7EXAMPLE',
  'ASIAQWERTYUIOPASDFGH',
  'wJalrXUtnFEMIK7MDENGbPxRfiCYzEXAMPLEKEY9',
  'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'xoxb-12345678-abcdefgh',
  'hvs.CAESIabcdefgh',
  'sk-proj-abcdefgh12345678',
  'ghp_abcdefghijklmnopqrst',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.x',
  '-----BEGIN PRIVATE KEY-----',
  'password=hunter22',
  'Bearer abcdef0123456789',
  'mongodb://idlewise:hunter2@db.internal:27017',
  '0123456789abcdef0123456789abcdef',
];

test('whatever text of an event holds a secret is replaced, wherever it stands', () => {
  for (const secret of SECRETS) {
    const record = toRecord(
      event({
        eventId: `r/${secret}`,
        subject: `at ${secret}`,
        actor: { kind: 'human', id: secret },
        stream: `s ${secret}`,
      }),
      { reason: secret, reasons: ['fine-code', secret] },
    );
    // With slashes of its own it cannot be told from the path it stands in.
    if (!secret.includes('/K7')) assert.ok(!JSON.stringify(record).includes(secret), secret);
    assert.deepEqual(record.attributes['idlewise.reasons'], ['fine-code', `[redacted: ${secretIn(secret)}]`]);
  }
});

test('an id with a secret in it becomes another id: the same each time, and of that event only', () => {
  const id = (eventId: string) => toRecord(event({ eventId }), {}).id;
  assert.equal(id('r/AKIAIOSFODNN7EXAMPLE/CRED_ISSUED'), id('r/AKIAIOSFODNN7EXAMPLE/CRED_ISSUED'));
  assert.notEqual(id('r/AKIAIOSFODNN7EXAMPLE/CRED_ISSUED'), id('q/AKIAIOSFODNN7EXAMPLE/CRED_ISSUED'));
  assert.equal(id('r-1/OUTCOME'), 'r-1/OUTCOME');
});

test('ids, digests, addresses and instants of ours are not taken for secrets', () => {
  for (const text of [
    'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/My-Balancer1/50dc6c495c0c9188',
    'remediate/acme/arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0/ec2-idle',
    '/subscriptions/0F1B2C3D-1111-2222-3333-444455556666/resourceGroups/Rg-Prod1/providers/Microsoft.Compute/disks/Disk1',
    '//compute.googleapis.com/projects/acme-prod/zones/europe-west1-b/instances/web-1',
    'ab'.repeat(32),
    `case_${'a1'.repeat(12)}`,
    `d-${'a1'.repeat(20)}`,
    '2026-03-02T09:00:00.000Z',
    'ana.silva@acme.example',
    'KILL_SWITCH/2026-03-02T09:00:00.000Z/cleo@acme.example',
  ])
    assert.equal(secretIn(text), null, text);
});

test('severity follows what came of it', () => {
  const severity = (type: string, fields: Record<string, string>) => toRecord(event({ type }), fields).severity;
  assert.equal(severity('OUTCOME', { outcome: 'remediated' }), 'success');
  assert.equal(severity('OUTCOME', { outcome: 'needs-human' }), 'error');
  assert.equal(severity('OUTCOME', { outcome: 'something-new' }), 'info');
  assert.equal(severity('FEEDBACK', { result: 'contradicted' }), 'warn');
  assert.equal(severity('KILL_SWITCH', { state: 'off' }), 'warn');
  assert.equal(severity('PLAN', {}), 'info');
});

test('a type this version does not know is kept, and an odd one is not made a name', () => {
  assert.equal(toRecord(event({ type: 'NEW_THING' }), {}).name, 'idlewise.new_thing');
  const odd = toRecord(event({ type: 'Odd type!' }), {});
  assert.equal(odd.name, 'idlewise.unknown');
  assert.equal(odd.attributes['idlewise.type'], 'Odd type!');
});

test('long and broken text is cut and mended, ids are not cut', () => {
  const record = toRecord(event({ subject: `${'s'.repeat(5000)}`, eventId: `${'e'.repeat(3000)}\ud800` }), {});
  assert.equal(String(record.attributes['idlewise.subject']).length, 1000);
  assert.ok(record.message.length <= 1000);
  assert.equal(record.id.length, 3001);
  assert.ok(record.id.isWellFormed());
});
