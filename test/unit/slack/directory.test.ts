import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDirectory } from '../../../providers/directory/directory.ts';

const person = (
  subject: string,
  slackUserIds: string[] = [],
  iamPrincipals: string[] = [],
  teamsUserIds: string[] = [],
) => ({
  subject,
  displayName: subject,
  slackUserIds,
  teamsUserIds,
  iamPrincipals,
  publicKeys: [],
  groups: ['approvers'],
});
const build = (...people: ReturnType<typeof person>[]) =>
  createDirectory({ people, finopsGroup: 'finops', servicePrincipals: [] });

test('every key of a person leads to one subject', () => {
  const directory = build(
    person('Ana@Example.com', ['U1', 'U2'], ['ana.iam'], ['AAAA-1', 'aaaa-2']),
    person('ben@example.com'),
  );
  const subjects = [
    directory.bySlackUserId('U1'),
    directory.bySlackUserId('U2'),
    directory.byTeamsUser('aaaa-1'),
    directory.byTeamsUser('AAAA-2'),
    directory.byEmail('ANA@example.com'),
    directory.byIamPrincipal('ana.iam'),
    directory.byIamPrincipal('arn:aws:iam::111122223333:user/ops/ana.iam'),
    directory.bySubject('ana@example.com'),
  ].map((p) => p?.subject);
  assert.deepEqual(new Set(subjects), new Set(['ana@example.com']));
  assert.equal(directory.inGroup('approvers').length, 2);
});

test('an unknown key is nobody, and no part of a name is enough', () => {
  const directory = build(person('ana@example.com', ['U1'], ['ana']));
  for (const found of [
    directory.bySlackUserId('U'),
    directory.bySlackUserId(''),
    directory.byEmail('ana@example.com.evil.example'),
    directory.byIamPrincipal('anamaria'),
    directory.byIamPrincipal(''),
    directory.bySlackUserId('__proto__'),
    directory.byTeamsUser('U1'),
    directory.byTeamsUser(''),
  ])
    assert.equal(found, null);
});

test('two people with one key are refused with the place of the mistake', () => {
  assert.throws(
    () => build(person('a@x.io', ['U1']), person('b@x.io', ['U1'])),
    /directory\.people\[1\]\.slackUserIds: "U1" already belongs to a@x\.io/,
  );
  assert.throws(
    () => build(person('a@x.io', [], [], ['X-1']), person('b@x.io', [], [], ['x-1'])),
    /directory\.people\[1\]\.teamsUserIds: "x-1" already belongs to a@x\.io/,
  );
  assert.throws(() => build(person('a@x.io'), person('A@x.io')), /people\[1\]\.subject/);
});
