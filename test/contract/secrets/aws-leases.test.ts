import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Config } from '../../../config/schema.ts';
import { createAwsClients } from '../../../providers/cloud/aws/clients.ts';
import { createLeasedIdentity } from '../../../providers/cloud/aws/leased-identity.ts';
import { ProviderError } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { AwsEngineRole } from '../../../sandbox/vault/state.ts';
import { startMoto } from '../../helpers/servers.ts';
import { SECRET_ID, startVault } from './rig.ts';

const ACCOUNT = '123456789012';
const account: Config['accounts'][number] = {
  accountId: ACCOUNT,
  name: 'leases',
  regions: ['us-east-1'],
  phase: 'approve',
  phaseByRegion: {},
  readRoleArn: null,
  executorRoleArns: {
    reversible: `arn:aws:iam::${ACCOUNT}:role/reversible`,
    destructive: `arn:aws:iam::${ACCOUNT}:role/destructive`,
  },
  externalId: 'env:EXTERNAL_ID',
};

let moto: Awaited<ReturnType<typeof startMoto>>;
before(async () => {
  moto = await startMoto();
});
after(() => moto.stop());

async function rig(t: TestContext, role: Partial<AwsEngineRole> = {}) {
  const started = await startVault();
  t.after(() => started.stop());
  const { vault } = started;
  vault.state.awsRoles.set('executor', {
    credentialType: 'assumed_role',
    leaseSeconds: 900,
    maxSeconds: 3600,
    ...role,
  });
  const leases = () => [...vault.state.leases.values()];
  const open = () => leases().filter((l) => l.revokedAt === null && l.expiresAt > Date.now());
  return { ...started, leases, open };
}

function executorClients(secrets: SecretsPort) {
  return createAwsClients({
    role: 'reversible',
    accounts: [account],
    secrets,
    config: { endpoint: moto.url, readIdentity: null, executorIdentity: { vaultAwsRole: 'executor' } },
  });
}

test('the executor leases its base identity for a change and gives it up when the change ends', async (t) => {
  const { secrets: open, leases, open: stillOpen } = await rig(t);
  const clients = executorClients(open({ env: { EXTERNAL_ID: 'external' } }));
  t.after(() => clients.destroy());
  assert.equal(leases().length, 0, 'nothing is leased before it is needed');
  const look = () => clients.clientsFor({ accountId: ACCOUNT, region: 'us-east-1' }).ec2.config.credentials();
  const first = await clients.duringChange(async () => {
    await clients.sts('us-east-1').send(new GetCallerIdentityCommand({}));
    const seen = (await look()).accessKeyId;
    assert.equal((await look()).accessKeyId, seen, 'one session while the change runs');
    assert.equal(stillOpen().length, 1);
    return seen;
  });
  assert.equal(stillOpen().length, 0, 'revoked when the change ended');
  const base = async () => (await clients.sts('us-east-1').config.credentials()).accessKeyId;
  assert.notEqual(await base(), leases()[0]?.accessKeyId, 'the SDK does not go on with revoked keys');
  assert.notEqual((await look()).accessKeyId, first, 'nor with the session made from them');
  await assert.rejects(
    clients.duringChange(() => Promise.reject(new Error('the change failed'))),
    /the change failed/,
  );
  assert.equal(stillOpen().length, 0, 'revoked when a change fails, too');
});

test('two changes at a time share one lease, which ends with the last of them', async (t) => {
  const { secrets: open, leases, open: stillOpen } = await rig(t);
  const identity = createLeasedIdentity({ secrets: open(), role: 'executor' });
  const long = identity.during(async () => {
    await identity.credentials();
    await delay(200);
    assert.equal(stillOpen().length, 1);
  });
  await identity.during(() => identity.credentials());
  assert.equal(stillOpen().length, 1);
  await long;
  assert.equal(stillOpen().length, 0);
  assert.equal(leases().length, 1);
});

test('keys of an IAM user are renewed at two thirds; at the maximum there are new ones and the old are revoked', async (t) => {
  const {
    secrets: open,
    leases,
    requests,
  } = await rig(t, { credentialType: 'iam_user', leaseSeconds: 2, maxSeconds: 3 });
  const identity = createLeasedIdentity({ secrets: open(), role: 'executor', settleMs: 0 });
  const keys = new Set<string>();
  await identity.during(async () => {
    for (let i = 0; i < 14; i++) {
      keys.add((await identity.credentials()).accessKeyId);
      assert.ok(
        leases().some((l) => l.revokedAt === null && l.expiresAt > Date.now()),
        'never without keys that live',
      );
      await delay(250);
    }
  });
  assert.ok(requests('leases/renew') >= 1, 'renewed');
  assert.equal(keys.size, 2, 'new keys at the maximum');
  assert.ok(leases().every((l) => l.revokedAt !== null || l.expiresAt <= Date.now()));
});

test('new keys of an IAM user are given time; a lease nobody uses is ended; so is every lease when the process stops', async (t) => {
  const { secrets: open, vault, open: stillOpen } = await rig(t, { credentialType: 'iam_user' });
  const secrets = open();
  const identity = createLeasedIdentity({ secrets, role: 'executor', settleMs: 120, idleMs: 150 });
  const asked = Date.now();
  await identity.credentials();
  assert.ok(Date.now() - asked >= 115);
  await delay(300);
  assert.equal(stillOpen().length, 0, 'idle');
  await identity.credentials();
  assert.equal(stillOpen().length, 1);
  await secrets.close();
  assert.equal(stillOpen().length, 0);
  assert.equal(vault.state.tokens.size, 0);
});

test('sealed when a change ends: the change is not failed by it, a warning names the role, the next stop ends the lease', async (t) => {
  const { secrets: open, vault, warnings, leases, open: stillOpen } = await rig(t);
  const secrets = open();
  const identity = createLeasedIdentity({ secrets, role: 'executor' });
  const result = await identity.during(async () => {
    await identity.credentials();
    vault.state.sealed = true;
    return 'applied';
  });
  assert.equal(result, 'applied');
  assert.match(warnings.join(), /AWS role executor could not be ended.*sealed/);
  for (const { id } of leases()) assert.ok(!warnings.join().includes(id));
  await assert.rejects(identity.credentials(), (e: unknown) => e instanceof ProviderError && e.kind === 'unavailable');
  vault.state.sealed = false;
  await secrets.close();
  assert.equal(stillOpen().length, 0);
});

test('a login that was replaced takes its leases with it: new ones are asked for', async (t) => {
  const { secrets: open, vault } = await rig(t);
  const secrets = open({ cacheFor: 0 });
  const identity = createLeasedIdentity({ secrets, role: 'executor' });
  const before = await identity.credentials();
  vault.expireTokens();
  await secrets.resolve('vault:secret/idlewise/wiz#clientSecret');
  assert.notEqual((await identity.credentials()).accessKeyId, before.accessKeyId);
});

test('an unknown role, no Vault, and no secret in the journal', async (t) => {
  const { secrets: open, vault, warnings, leases } = await rig(t);
  const secrets = open();
  await assert.rejects(secrets.awsLease({ role: 'reader' }), (e: unknown) => e instanceof ProviderError);
  vault.state.awsRoles.clear();
  await assert.rejects(secrets.awsLease({ role: 'executor' }), /AWS credentials of aws\/executor: HTTP 400/);
  const without = createLeasedIdentity({ secrets: { resolve: async () => '' }, role: 'executor' });
  await assert.rejects(without.credentials(), /vaultAwsRole needs secrets.vault/);
  assert.equal(leases().length, 0);
  const written = JSON.stringify([vault.journal.entries(), warnings]);
  assert.doesNotMatch(written, new RegExp(`${SECRET_ID}|aws-secret-|hvs\\.`));
});
