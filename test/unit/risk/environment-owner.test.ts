import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveEnvironment } from '../../../domain/environment.ts';
import { resolveOwner } from '../../../domain/owner.ts';

const tagKeys = ['environment', 'env', 'stage'];
const environment = (tags: Record<string, string>, cmdbEnvironment: string | null = null) =>
  resolveEnvironment({ tags, tagKeys, cmdbEnvironment });

describe('the environment', () => {
  for (const [word, expected] of [
    ['prod', 'prod'],
    ['Production', 'prod'],
    ['PRD', 'prod'],
    ['live', 'prod'],
    [' prod\u200b', 'prod'],
    ['ｐｒｏｄ', 'prod'],
    ['stg', 'staging'],
    ['Pre-Prod', 'staging'],
    ['qa', 'test'],
    ['UAT', 'test'],
    ['dev', 'dev'],
    ['development', 'dev'],
    ['sandbox', 'sandbox'],
    ['prdo', 'unknown'],
    ['non-prod', 'unknown'],
    ['dеv', 'unknown'],
    ['', 'unknown'],
    ['__proto__', 'unknown'],
    ['constructor', 'unknown'],
  ] as const)
    it(`${JSON.stringify(word)} is ${expected}`, () => assert.equal(environment({ Env: word }).environment, expected));

  it('nobody states it: unknown', () => {
    assert.deepEqual(environment({}), { environment: 'unknown', source: 'none', conflict: false });
    assert.equal(environment({}, '  ').environment, 'unknown');
  });
  it('of two answers the more dangerous wins, whoever gave it', () => {
    assert.deepEqual(environment({ env: 'dev' }, 'Production'), {
      environment: 'prod',
      source: 'cmdb',
      conflict: true,
    });
    assert.deepEqual(environment({ env: 'prod' }, 'Development'), {
      environment: 'prod',
      source: 'tag',
      conflict: true,
    });
    assert.equal(environment({ env: 'dev', stage: 'live' }).environment, 'prod');
    assert.equal(environment({ env: 'dve' }, 'dev').environment, 'unknown');
    assert.equal(environment({ env: 'test' }, 'staging').environment, 'staging');
  });
});

const directory = {
  finopsGroup: 'finops',
  people: [
    { subject: 'ana@acme.example', groups: ['approvers', 'web-platform'], iamPrincipals: ['ana-admin'] },
    { subject: 'ben@acme.example', groups: [], iamPrincipals: ['ben'] },
  ],
};
const owner = (over: Partial<Parameters<typeof resolveOwner>[0]>) =>
  resolveOwner({ tags: {}, tagKeys: ['owner', 'contact'], cmdb: null, creator: null, directory, ...over });

describe('the owner', () => {
  it('comes from a tag that names somebody the directory knows', () => {
    assert.deepEqual(owner({ tags: { Owner: 'Ana@acme.example' } }), {
      subject: 'ana@acme.example',
      team: 'web-platform',
      source: 'tag',
    });
    assert.deepEqual(owner({ tags: { contact: 'web-platform' } }), {
      subject: 'web-platform',
      team: 'web-platform',
      source: 'tag',
    });
  });
  it('never from a tag that names a stranger or a role group: tags are written by anyone', () => {
    assert.equal(owner({ tags: { owner: 'mallory@evil.example' } }).source, 'finops-default');
    assert.equal(owner({ tags: { owner: 'approvers' } }).source, 'finops-default');
  });
  it('falls back to the CMDB, then to the creator, then to FinOps', () => {
    const cmdb = { ownerEmail: 'carl@acme.example', supportGroup: 'Database Ops' };
    assert.deepEqual(owner({ tags: { owner: '?' }, cmdb }), {
      subject: 'carl@acme.example',
      team: 'Database Ops',
      source: 'cmdb',
    });
    assert.deepEqual(owner({ cmdb: { ownerEmail: null, supportGroup: 'Database Ops' } }).subject, 'Database Ops');
    const creator = 'arn:aws:sts::111122223333:assumed-role/Deploy/ana-admin';
    assert.deepEqual(owner({ creator }), {
      subject: 'ana@acme.example',
      team: 'web-platform',
      source: 'iam-principal',
    });
    assert.equal(owner({ creator: 'arn:aws:iam::111122223333:user/ben' }).subject, 'ben@acme.example');
    assert.deepEqual(owner({ creator: 'arn:aws:iam::1:user/nobody' }), {
      subject: 'finops',
      team: 'finops',
      source: 'finops-default',
    });
  });
});
