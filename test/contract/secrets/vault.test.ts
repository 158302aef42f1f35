import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request as plainRequest } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import { createSecrets } from '../../../providers/secrets/create-secrets.ts';
import type { AppRole } from '../../../sandbox/vault/state.ts';
import { configOf, REFERENCE, SECRET_ID, startRealVault, startVault, VALUE } from './rig.ts';

async function rig(t: TestContext, role: Partial<AppRole> = {}, namespace?: string) {
  const started = await startVault(role, namespace);
  t.after(() => started.stop());
  return started;
}

/** The kind, a part of the sentence, and that nothing secret is in it. */
function failure(kind: ProviderErrorKind, text: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof ProviderError, String(error));
    const whole = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
    assert.doesNotMatch(whole, new RegExp(`${VALUE}|${SECRET_ID}|hvs\\.`));
    assert.equal(error.kind, kind, error.message);
    assert.match(error.message, text);
    return true;
  };
}

for (const where of ['simulator', 'real server'] as const)
  test(`the same against the ${where}: login, read, absent, denied, renewal`, async (t) => {
    const real = where === 'real server' ? await startRealVault() : null;
    if (real && 'notRun' in real) return t.skip(real.notRun);
    if (real) t.after(() => real.stop());
    const simulated = real ? null : await rig(t, { tokenSeconds: 3 });
    const secrets = real
      ? createSecrets({
          config: configOf(real.url, {}, 0),
          env: { VAULT_ROLE_ID: real.roleId, VAULT_SECRET_ID: real.secretId },
        })
      : simulated?.secrets({ cacheFor: 0 });
    assert.ok(secrets);
    t.after(() => secrets.close());
    assert.equal(await secrets.resolve(REFERENCE), VALUE);
    await assert.rejects(secrets.resolve('vault:secret/idlewise/none#x'), failure('not-found', /idlewise\/none#x/));
    await assert.rejects(secrets.resolve('vault:secret/idlewise/wiz#none'), failure('not-found', /none is missing/));
    await assert.rejects(secrets.resolve('vault:secret/idlewise/wiz#empty'), failure('not-found', /is empty/));
    await assert.rejects(secrets.resolve('vault:secret/other-team/db#password'), failure('unauthorised', /policy/));
    assert.match((await secrets.check()).join(), /unsealed/);
    await delay(4000);
    assert.equal(await secrets.resolve(REFERENCE), VALUE, 'after the first lease of the token');
    if (simulated) {
      assert.equal(simulated.requests('approle/login'), 1, 'renewed, not logged in again');
      assert.ok(simulated.requests('renew-self') >= 1);
    }
  });

test('a value is read once for its short time, by however many callers, and then again', async (t) => {
  const { secrets: open, vault, requests } = await rig(t);
  const secrets = open({ cacheFor: 150 });
  assert.deepEqual(new Set(await Promise.all([1, 2, 3].map(() => secrets.resolve(REFERENCE)))), new Set([VALUE]));
  assert.equal(requests('idlewise/wiz'), 1);
  vault.put('idlewise/wiz', { clientSecret: 'rotated' });
  await delay(250);
  assert.equal(await secrets.resolve(REFERENCE), 'rotated');
});

test('a token that ended early is replaced once; a denial does not cost a login', async (t) => {
  const { secrets: open, vault, requests } = await rig(t);
  const secrets = open({ cacheFor: 0 });
  await secrets.resolve(REFERENCE);
  vault.expireTokens();
  await delay(5);
  assert.equal(await secrets.resolve(REFERENCE), VALUE);
  assert.equal(requests('approle/login'), 2);
  for (let i = 0; i < 3; i++) await assert.rejects(secrets.resolve('vault:secret/other-team/db#password'));
  assert.equal(requests('approle/login'), 2);
});

test('at the maximum life of a token there is a new login before it ends; batch tokens log in again', async (t) => {
  const capped = await rig(t, { tokenSeconds: 2, maxSeconds: 3 });
  const secrets = capped.secrets({ cacheFor: 0 });
  await secrets.resolve(REFERENCE);
  const batch = await rig(t, { tokenSeconds: 1, tokenType: 'batch' });
  const others = batch.secrets({ cacheFor: 0 });
  await others.resolve(REFERENCE);
  await delay(3500);
  const before = capped.requests('approle/login');
  assert.ok(before >= 2, `${before} logins`);
  assert.equal(await secrets.resolve(REFERENCE), VALUE);
  assert.equal(await others.resolve(REFERENCE), VALUE);
  assert.equal(batch.requests('renew-self'), 0);
  assert.equal(batch.requests('approle/login'), 2);
});

test('sealed in the middle: an error that says so, no old value, and it goes on when unsealed', async (t) => {
  const { secrets: open, vault } = await rig(t);
  const secrets = open({ cacheFor: 100 });
  await secrets.resolve(REFERENCE);
  await delay(150);
  vault.state.sealed = true;
  await assert.rejects(secrets.resolve(REFERENCE), failure('unavailable', /wiz#clientSecret.*sealed/));
  await assert.rejects(secrets.check(), failure('unavailable', /sealed/));
  vault.state.sealed = false;
  assert.equal(await secrets.resolve(REFERENCE), VALUE);
  vault.state.standby = 473;
  await delay(150);
  await assert.rejects(secrets.resolve(REFERENCE), failure('unavailable', /standby/));
  vault.state.initialised = false;
  await assert.rejects(secrets.resolve(REFERENCE), failure('unavailable', /not initialised/));
});

test('what passes by itself is tried again; what does not is one of the known kinds', async (t) => {
  const { secrets: open, vault } = await rig(t);
  const secrets = open({ cacheFor: 0, config: { timeout: 400 } });
  await secrets.resolve(REFERENCE);
  for (const status of [412, 429, 500, 502]) {
    vault.faults.push({ path: '/data/', kind: 'status', status, times: 2 });
    assert.equal(await secrets.resolve(REFERENCE), VALUE, `HTTP ${status} twice`);
  }
  const cases: [Parameters<typeof vault.faults.push>[0], ProviderErrorKind, RegExp][] = [
    [{ kind: 'rate-limited', retryAfter: 30 }, 'retry-after', /rate limited/],
    [{ kind: 'status', status: 500, times: 3 }, 'unavailable', /HTTP 500/],
    [{ kind: 'html-error' }, 'malformed', /not JSON/],
    [{ kind: 'truncated-json' }, 'malformed', /not JSON/],
    [{ kind: 'status', status: 200, responseBody: '{"data":{}}' }, 'malformed', /KV version 2/],
    [{ kind: 'reset-before-answer' }, 'unavailable', /connection failed/],
    [{ kind: 'hang', ms: 900 }, 'unavailable', /no answer within 400 ms/],
  ];
  for (const [fault, kind, text] of cases) {
    vault.faults.push({ path: '/data/', times: 1, ...fault });
    await assert.rejects(secrets.resolve(REFERENCE), failure(kind, text), JSON.stringify(fault));
  }
  vault.faults.push({ path: '/data/', kind: 'rate-limited', retryAfter: 30, times: 1 });
  await assert.rejects(secrets.resolve(REFERENCE), (e: ProviderError) => e.retryAfterMs === 30_000);
});

test('a refused login, a deleted secret, a field that is not text, a missing section', async (t) => {
  const { secrets: open, vault } = await rig(t);
  const wrong = open({ env: { VAULT_SECRET_ID: 'wrong-canary' } });
  await assert.rejects(wrong.resolve(REFERENCE), failure('unauthorised', /secret id refused/));
  const used = await rig(t, { secretIds: new Map([[SECRET_ID, 1]]) });
  await used.secrets().resolve(REFERENCE);
  await assert.rejects(used.secrets().resolve(REFERENCE), failure('unauthorised', /used up/));
  const secrets = open();
  await assert.rejects(secrets.resolve('vault:secret/idlewise/wiz#port'), failure('not-found', /not text/));
  const latest = vault.state.kv.get('idlewise/wiz')?.at(-1);
  assert.ok(latest);
  latest.deletedAt = Date.now();
  await assert.rejects(secrets.resolve(REFERENCE), failure('not-found', /deleted or destroyed/));
  await assert.rejects(createSecrets({ env: {} }).resolve(REFERENCE), failure('terminal', /secrets.vault is not conf/));
});

test('the namespace goes with every request', async (t) => {
  const { secrets } = await rig(t, {}, 'platform/idlewise');
  assert.equal(await secrets({ config: { namespace: 'platform/idlewise' } }).resolve(REFERENCE), VALUE);
  await assert.rejects(secrets().resolve(REFERENCE), failure('not-found', /login/));
});

test('a private certificate authority is trusted by caFile alone', async (t) => {
  const { url } = await rig(t);
  const folder = await mkdtemp(join(tmpdir(), 'idlewise-vault-tls-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert]); // biome-ignore format: one command
  if (made.status !== 0) return t.skip('not run: no openssl to make a certificate with');
  const proxy = createServer({ key: await readFile(key), cert: await readFile(cert) }, (incoming, outgoing) => {
    const { method, headers } = incoming;
    const onward = plainRequest(new URL(incoming.url ?? '', url), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => proxy.close());
  const address = `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const env = { VAULT_ROLE_ID: 'role-of-the-read-worker', VAULT_SECRET_ID: SECRET_ID };
  const open = (caFile?: string) => createSecrets({ config: configOf(address, caFile ? { caFile } : {}), env });
  const trusted = open(cert);
  assert.equal(await trusted.resolve(REFERENCE), VALUE);
  await trusted.close();
  await assert.rejects(open().resolve(REFERENCE), failure('unavailable', /SELF_SIGNED|no connection/));
  await assert.rejects(open(join(folder, 'none.pem')).resolve(REFERENCE), failure('terminal', /caFile.*ENOENT/));
});

test('closing revokes the token and refuses later reads; the journal holds no secret', async (t) => {
  const { secrets: open, vault, warnings } = await rig(t);
  const secrets = open();
  await secrets.resolve(REFERENCE);
  assert.equal(vault.state.tokens.size, 1);
  await secrets.close();
  assert.equal(vault.state.tokens.size, 0);
  await assert.rejects(secrets.resolve(REFERENCE), failure('terminal', /stopping/));
  assert.doesNotMatch(JSON.stringify([vault.journal.entries(), warnings]), new RegExp(`${VALUE}|${SECRET_ID}|hvs\\.`));
});
