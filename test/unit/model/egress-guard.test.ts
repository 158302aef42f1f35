import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findEgressViolation } from '../../../providers/model/egress-guard.ts';

const leaks: Record<string, string> = {
  'a bare account id': 'account 123456789012 is affected',
  'an account id in groups': 'account 1234-5678-9012',
  'an ARN': 'arn:aws:ec2:eu-west-1::instance',
  'an instance id': 'asset i-0abc1234def567890',
  'a volume id': 'vol-0abc1234',
  'an address allocation': 'eipalloc-0123456789abcdef0',
  'a security group': 'member of sg-0a1b2c3d4e5f60718',
  'an IPv4 address': 'answers at 203.0.113.77',
  'an IPv4 address at the end of a sentence': 'answers at 10.0.0.1.',
  'an IPv6 address': 'answers at 2001:db8:0:0:0:0:2:1',
  'a short IPv6 address': 'answers at 2001:db8::1',
  'an e-mail address': 'ask jo.doe@acme.example',
  'a host name': 'web.payments.acme.com',
  'an internal host name': 'ip-10-0-1-2.ec2.internal',
  'a host name with a private suffix': 'db03.ledger.acme',
  'a URL': 'see https://wiki/x',
  'an AWS access key': 'AKIAIOSFODNN7EXAMPLE',
  'a chat token': 'xoxb-123456789-abcdefgh',
  'a private key': '-----BEGIN RSA PRIVATE KEY-----',
  'a JSON web token': 'eyJhbGciOiJI.eyJzdWIiOiIx.sig',
  'a password': 'password=hunter22',
  'long hexadecimal': 'deadbeefdeadbeefdeadbeefdeadbeef',
  'long base64': 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYabc1',
  'a UUID': '9f1c3e6a-1111-4222-8333-abcdefabcdef',
  'an amount with a sign': 'costs $7',
  'an amount with a code': 'costs 731 USD',
  'an amount with cents': 'costs 731.42 a month',
  'a grouped amount': 'costs 7,391 a month',
  'a large number': 'about 224822 requests',
  'a precise number': 'mean 7391.4242',
};

for (const [what, text] of Object.entries(leaks)) {
  test(`${what} does not leave`, () => {
    const kind = findEgressViolation(JSON.stringify({ messages: [{ role: 'user', content: text }] }));
    assert.match(kind ?? 'nothing found!', /^[a-z-]+$/);
  });
}

test('an id after a line break is seen although JSON writes the break as a letter', () => {
  assert.equal(findEgressViolation(JSON.stringify({ content: 'facts:\ni-0abc1234def567890' })), 'resource-id');
});

test('full-width digits and zero-width characters hide nothing', () => {
  assert.equal(findEgressViolation(JSON.stringify({ content: '１２３４５６７８９０１２' })), 'account-id');
  assert.equal(findEgressViolation(JSON.stringify({ content: '1234\u200b56789012' })), 'account-id');
});

test('keys and numbers of the request are looked at like text', () => {
  assert.notEqual(findEgressViolation(JSON.stringify({ 'i-0abc1234def567890': true })), null);
  assert.notEqual(findEgressViolation(JSON.stringify({ cost: 123_456 })), null);
});

test('what is longer than any prompt of ours does not leave', () => {
  assert.equal(findEgressViolation('a'.repeat(60_001)), 'too-long');
});

test('text that is not JSON is looked at as it is', () => {
  assert.equal(findEgressViolation('{"cut": "i-0abc1234def567890'), 'resource-id');
});

const harmless = [
  'cost band: 200-1k; p95 CPU band: <3; age band: >180 days; findings: critical 0, high 1-5',
  'rule aws-ec2-instance-idle, evidence e1, e2 and e10; coverage 98 percent over 14 days',
  'pseudonym asset-1 owned by team-2 in region-1; environment: staging; reversibility: reversible',
  'i.e. an idle machine, e.g. a build agent. Version 3.5 of the guidance; risk 0 to 100.',
  'snapshot-and-terminate-instance would keep an image for 30 days',
];
for (const text of harmless)
  test(`bands and pseudonyms may leave: ${text.slice(0, 40)}…`, () => {
    assert.equal(findEgressViolation(JSON.stringify({ messages: [{ role: 'user', content: text }] })), null);
  });
