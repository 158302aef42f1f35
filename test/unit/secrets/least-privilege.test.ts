import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { Config } from '../../../config/schema.ts';
import { ACTIVITIES_OF } from '../../../workers/roles.ts';
import { secretReferencesOf, secretsFor } from '../../../workers/secret-references.ts';
import { WORKER_ROLES } from '../../../compose/task-queues.ts';

const example = fileURLToPath(new URL('../../../config/example.yaml', import.meta.url));
const NOBODY = 'http://127.0.0.1:9';

/** The example, with every secret a reference of its own to a store, and every address one where nobody listens. */
function config(): Config {
  const raw = parse(readFileSync(example, 'utf8')) as Record<string, Record<string, unknown>>;
  Object.assign(raw['temporal'] as object, { address: '127.0.0.1:9', apiKey: 'env:TEMPORAL' });
  Object.assign(raw['mongodb'] as object, { uri: 'env:MONGO' });
  Object.assign(raw['aws'] as object, {
    endpoint: NOBODY,
    readIdentity: { vaultAwsRole: 'reader' },
    executorIdentity: { accessKeyId: 'env:EXECUTOR_KEY', secretAccessKey: 'env:EXECUTOR_SECRET' },
  });
  Object.assign(raw['slack'] as object, { botToken: 'vault:kv/slack#bot', signingSecret: 'vault:kv/slack#signing' });
  Object.assign(raw['model'] as object, { vendor: 'openai', apiKey: 'aws-sm:model#key' });
  Object.assign(raw['audit'] as object, { signingKey: 'file:/run/audit' });
  return Config.parse(raw);
}

const given = config();
const WHOLE = new Set(WORKER_ROLES.flatMap((role) => secretReferencesOf(role, given)));

test('what only one role may read is read by no other', () => {
  const holders = (reference: string) => WORKER_ROLES.filter((r) => secretReferencesOf(r, given).includes(reference));
  assert.deepEqual(holders('vault:kv/slack#bot'), ['notify']);
  assert.deepEqual(holders('env:SLACK_PEOPLE_TOKEN'), ['execute']);
  assert.deepEqual(holders('vault:kv/slack#signing'), [], 'only the Slack app, which is no worker');
  assert.deepEqual(holders('aws-sm:model#key'), ['assess']);
  assert.deepEqual(holders('file:/run/audit'), ['audit']);
  assert.deepEqual(holders('env:EXECUTOR_KEY'), ['execute']);
  assert.deepEqual(holders('env:TEMPORAL'), [...WORKER_ROLES]);
  assert.deepEqual(secretReferencesOf('orchestration', given), ['env:TEMPORAL']);
});

test('a role is refused what is not its own before any store is asked, also AWS roles', async () => {
  const asked: string[] = [];
  const store = {
    resolve: async (reference: string) => (asked.push(reference), 'value'),
    awsLease: async ({ role }: { role: string }) => (asked.push(role), Promise.reject(new Error('leased'))),
  };
  for (const role of WORKER_ROLES) {
    const own = secretReferencesOf(role, given);
    const secrets = secretsFor(role, given, store);
    for (const reference of WHOLE)
      if (own.includes(reference)) assert.equal(await secrets.resolve(reference), 'value');
      else await assert.rejects(secrets.resolve(reference), new RegExp(`${role} worker may not read`));
    await assert.rejects(
      secrets.awsLease?.({ role: 'reader' }) ?? Promise.resolve(),
      role === 'read' ? /leased/ : /may not lease/,
    );
  }
  assert.ok(asked.every((name) => WHOLE.has(name) || name === 'reader'));
  await assert.rejects(secretsFor('read', given, store).resolve('hunter2'), (e) => !String(e).includes('hunter2'));
});

test('composing every role resolves its own references only', async () => {
  const compose = async (role: (typeof WORKER_ROLES)[number]) => {
    const asked = new Set<string>();
    const secrets = {
      resolve: async (reference: string) => {
        asked.add(reference);
        // Nothing listens there; what a role asks for up to then is what it is given at its start.
        return reference === 'env:MONGO' ? 'mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=50' : 'value';
      },
    };
    await ACTIVITIES_OF[role]({ config: given, secrets }).catch(() => undefined);
    const own = secretReferencesOf(role, given);
    assert.deepEqual(
      [...asked].filter((reference) => !own.includes(reference)),
      [],
      role,
    );
    if (role !== 'orchestration') assert.ok(asked.has('env:MONGO'), role);
  };
  await Promise.all(WORKER_ROLES.map(compose));
});

test('the configuration takes references to stores, and nothing that would leak or lock itself in', () => {
  const raw = parse(readFileSync(example, 'utf8')) as Record<string, unknown>;
  const login = { address: 'https://vault.acme.example', roleId: 'env:ROLE', secretId: 'file:/run/secret' };
  const problems = (more: Record<string, unknown>) =>
    Config.safeParse({ ...raw, ...more }).error?.issues.map((i) => i.message) ?? [];
  const vault = (change: object) => problems({ secrets: { vault: { ...login, ...change } } });
  const identity = (executorIdentity: object) => problems({ aws: { executorIdentity } });
  assert.deepEqual(vault({}), []);
  assert.match(vault({ address: 'http://vault.acme.example' }).join(), /https/);
  assert.deepEqual(vault({ address: 'http://127.0.0.1:8200' }), []);
  assert.match(vault({ address: 'vault' }).join(), /absolute URL/);
  assert.match(vault({ secretId: 'vault:secret/idlewise#secretId' }).join(), /env:NAME or file/);
  assert.deepEqual(identity({ vaultAwsRole: 'executor' }), []);
  assert.match(identity({ vaultAwsRole: 'executor', accessKeyId: 'env:KEY' }).join(), /no keys/);
  assert.match(identity({ accessKeyId: 'env:KEY' }).join(), /secretAccessKey/);
  for (const reference of ['vault:hunter2', 'vault:secret/path', 'aws-sm:', 'aws-sm:name#', 'hunter2'])
    assert.match(identity({ accessKeyId: reference, secretAccessKey: 'env:X' }).join(), /not the secret itself/);
});
