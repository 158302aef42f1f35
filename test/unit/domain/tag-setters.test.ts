import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tagSettersOf } from '../../../domain/tag-setters.ts';

const directory = {
  people: [
    { subject: 'ana@acme.example', iamPrincipals: ['ana', 'arn:aws:iam::111122223333:user/a.almeida'] },
    { subject: 'dev@acme.example', iamPrincipals: ['dev-eng'] },
  ],
  servicePrincipals: ['terraform', 'Deploy'],
};
const known = (...subjects: string[]) => ({ known: true, subjects });
const unknown = (...subjects: string[]) => ({ known: false, subjects });

const CASES: readonly (readonly [string, readonly string[] | null, ReturnType<typeof known>])[] = [
  ['the log could not be read to its end', null, unknown()],
  ['nobody tagged it as far back as the log goes', [], known()],
  ['a user by name', ['dev-eng'], known('dev@acme.example')],
  ['a user by ARN', ['arn:aws:iam::111122223333:user/dev-eng'], known('dev@acme.example')],
  ['a session of a role', ['arn:aws:sts::111122223333:assumed-role/Admin/ana'], known('ana@acme.example')],
  ['an account by its address, whatever its case', ['Ana@acme.example'], known('ana@acme.example')],
  ['two names of one person', ['ana', 'ana@acme.example'], known('ana@acme.example')],
  ['a machine', ['arn:aws:sts::111122223333:assumed-role/terraform/run-17'], known()],
  ['a machine by the name of its session', ['arn:aws:sts::111122223333:assumed-role/ci/Deploy'], known()],
  ['somebody nobody knows', ['arn:aws:iam::111122223333:user/jane.ops'], unknown()],
  ['a person and somebody nobody knows', ['dev-eng', 'x'], unknown('dev@acme.example')],
];
for (const [what, principals, expected] of CASES)
  test(what, () => assert.deepEqual(tagSettersOf(principals, directory), expected));
