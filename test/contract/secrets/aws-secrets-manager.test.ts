import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ProviderError } from '../../../ports/errors.ts';
import { createSecrets } from '../../../providers/secrets/create-secrets.ts';
import type { Secrets } from '../../../ports/secrets.ts';
import { freePort, startMoto } from '../../helpers/servers.ts';

const VALUE = 'hunter2-canary-77aa';
const env = { KEY: 'AKIAEXAMPLE', SECRET: 'example' };
let moto: Awaited<ReturnType<typeof startMoto>>;
let admin: SecretsManagerClient;
let secrets: Secrets;
let arn = '';

function open(endpoint: string): Secrets {
  const keys = { accessKeyId: 'env:KEY', secretAccessKey: 'env:SECRET' };
  return createSecrets({
    env,
    config: {
      aws: { endpoint },
      secrets: { cacheFor: 0, awsSecretsManager: { region: 'eu-central-1', endpoint: null, ...keys } },
    },
  });
}

before(async () => {
  moto = await startMoto();
  const credentials = { accessKeyId: env.KEY, secretAccessKey: env.SECRET };
  admin = new SecretsManagerClient({ region: 'eu-central-1', endpoint: moto.url, credentials });
  const text = JSON.stringify({ token: VALUE, empty: '', port: 443 });
  arn = (await admin.send(new CreateSecretCommand({ Name: 'idlewise/slack', SecretString: text }))).ARN ?? '';
  await admin.send(new CreateSecretCommand({ Name: 'plain', SecretString: VALUE }));
  await admin.send(new CreateSecretCommand({ Name: 'binary', SecretBinary: new Uint8Array([1, 2]) }));
  await admin.send(new CreateSecretCommand({ Name: 'gone', SecretString: VALUE }));
  await admin.send(new DeleteSecretCommand({ SecretId: 'gone' }));
  secrets = open(moto.url);
});
after(async () => {
  await secrets.close();
  admin.destroy();
  await moto.stop();
});

test('a key of a JSON secret by name or ARN, and a whole text', async () => {
  assert.equal(await secrets.resolve('aws-sm:idlewise/slack#token'), VALUE);
  assert.equal(await secrets.resolve(`aws-sm:${arn}#token`), VALUE);
  assert.equal(await secrets.resolve('aws-sm:plain'), VALUE);
  assert.match((await secrets.check()).join(), /eu-central-1 answers/);
});

test('a new version is seen', async () => {
  await admin.send(new CreateSecretCommand({ Name: 'rotating', SecretString: 'one' }));
  assert.equal(await secrets.resolve('aws-sm:rotating'), 'one');
  await admin.send(new PutSecretValueCommand({ SecretId: 'rotating', SecretString: 'two' }));
  assert.equal(await secrets.resolve('aws-sm:rotating'), 'two');
});

test('errors name the reference and the fix, never the value', async () => {
  const cases: [string, ProviderError['kind'], RegExp][] = [
    ['aws-sm:none#x', 'not-found', /aws-sm:none#x.*no such secret/],
    ['aws-sm:gone', 'not-found', /scheduled for deletion|no such secret/],
    ['aws-sm:idlewise/slack#none', 'not-found', /key none is missing/],
    ['aws-sm:idlewise/slack#empty', 'not-found', /is empty/],
    ['aws-sm:idlewise/slack#port', 'not-found', /not text/],
    ['aws-sm:plain#x', 'not-found', /not JSON/],
    ['aws-sm:binary', 'not-found', /no text/],
  ];
  for (const [reference, kind, text] of cases)
    await assert.rejects(secrets.resolve(reference), (error: unknown) => {
      assert.ok(error instanceof ProviderError, reference);
      assert.equal(error.kind, kind, error.message);
      assert.match(error.message, text);
      assert.doesNotMatch(`${error.stack} ${String(error.cause)}`, new RegExp(VALUE));
      return true;
    });
});

test('nobody there is "unavailable"; no section is said so', async () => {
  const nobody = open(`http://127.0.0.1:${await freePort()}`);
  await assert.rejects(nobody.resolve('aws-sm:plain'), (e: ProviderError) => e.kind === 'unavailable');
  await nobody.close();
  await assert.rejects(createSecrets({ env }).resolve('aws-sm:plain'), /secrets.awsSecretsManager is not configured/);
});
