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

describe('a name that says production', () => {
  const called = (name: string, tags: Record<string, string> = { env: 'dev' }, cmdb: string | null = null) =>
    resolveEnvironment({ tags, tagKeys, cmdbEnvironment: cmdb, names: [name] }).environment;
  const names = [
    'payments-prod-01',
    'PROD_payments',
    'paymentsProd01',
    'Payments Production',
    'eu.prd.web',
    'paymentsprod01',
    'prodweb2',
    'web-prod',
    'prod',
    'shop/production/db',
    'PRD-DB',
    'api-produktion',
    'pаyments-prоd',
    'pay\u200bments-pr\u00adod',
    'webPRD',
  ];
  for (const name of names)
    it(`${JSON.stringify(name)} against a tag or a CMDB that says less is unknown, which counts as production`, () => {
      for (const word of ['dev', 'test', 'staging', 'sandbox']) {
        assert.equal(called(name, { env: word }), 'unknown');
        assert.equal(called(name, {}, word), 'unknown');
      }
      assert.equal(called(name, { env: 'prod' }), 'prod');
    });
  for (const name of [
    'product-api',
    'product',
    'prodigy-1',
    'reproduce-bug',
    'byproducts',
    'producer-2',
    'non-prod-web',
    'nonprod-db',
    'web-pre-prod',
    'preprod1',
    'notprod-x',
    'produce-shop',
    'pro',
    'web-dev-1',
    '',
  ])
    it(`${JSON.stringify(name)} says nothing of it`, () => assert.equal(called(name), 'dev'));
  it('in another tag that is nothing but the word', () => {
    assert.equal(called('web-1', { env: 'dev', tier: 'Production' }), 'unknown');
    assert.equal(called('web-1', { env: 'dev', note: 'copy of production data' }), 'dev');
  });
});

describe('a tag that is not what it looks like', () => {
  for (const word of ['dev\u200b', 'd\u00adev', 'ｄｅｖ', 'dеv', 'dév', '\u202edev', 'sandbοx'])
    it(`${JSON.stringify(word)} is unknown`, () => assert.equal(environment({ env: word }).environment, 'unknown'));
  for (const key of ['env\u200b', 'еnv', 'ｅｎｖ', 'e\u00adnv'])
    it(`under ${JSON.stringify(key)}, too, and production stays production`, () => {
      assert.equal(environment({ [key]: 'dev' }).environment, 'unknown');
      assert.equal(environment({ [key]: 'prod', stage: 'dev' }).environment, 'prod');
    });
  for (const word of ['prоd', 'ｐｒｏｄ', 'p\u200brod', 'prοductiοn', 'PRÓD'])
    it(`${JSON.stringify(word)} is production all the same`, () =>
      assert.equal(environment({ env: word, stage: 'dev' }).environment, 'prod'));
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
