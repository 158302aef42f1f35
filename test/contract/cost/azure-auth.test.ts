import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenCredential } from '@azure/identity';
import { createAzureTokens } from '../../../providers/azure-auth/index.ts';
import { isProviderError } from '../../../ports/errors.ts';
import type { Fault } from '../../../sandbox/kit/faults.ts';
import { billOf } from './azure-gcp-bill.ts';
import { secrets, startAzure } from './azure-rig.ts';

const billRows = billOf('azure', []);
const SCOPE = 'https://management.azure.com/.default';

test('many callers share one request, and each scope has its own token', async () => {
  await using azure = await startAzure({ billRows });
  const tokens = azure.tokens();
  const [first, second] = await Promise.all([tokens.getToken(SCOPE), tokens.getToken([SCOPE])]);
  assert.equal(first.token, second.token);
  assert.ok(first.expiresOnTimestamp > Date.now() + 3_000_000);
  await tokens.getToken('https://database.windows.net/.default');
  await tokens.getToken(SCOPE);
  assert.equal(azure.simulator.azureCost.tokensIssued(), 2);
});

test('a token is renewed before it ends, and only the one that was refused is forgotten', async () => {
  await using azure = await startAzure({ billRows, tokenSeconds: 3600 });
  let now = Date.now();
  const tokens = createAzureTokens({
    authorityUrl: azure.url,
    tenantId: 'acme.onmicrosoft.com',
    clientId: 'app-1',
    clientSecret: 'env:SECRET',
    secrets,
    clock: () => now,
  });
  const { token } = await tokens.getToken(SCOPE);
  now += 3_200_000;
  assert.equal((await tokens.getToken(SCOPE)).token, token);
  now += 150_000;
  const renewed = await tokens.getToken(SCOPE);
  assert.notEqual(renewed.token, token);
  tokens.discard(token);
  assert.equal((await tokens.getToken(SCOPE)).token, renewed.token);
  tokens.discard(renewed.token);
  assert.notEqual((await tokens.getToken(SCOPE)).token, renewed.token);
});

test('refusals are told with what to do, and never with the secret', async () => {
  await using azure = await startAzure({ billRows });
  const tokens = (over: object) =>
    createAzureTokens({
      authorityUrl: azure.url,
      tenantId: 'acme.onmicrosoft.com',
      clientId: 'env:ID',
      clientSecret: 'env:SECRET',
      secrets,
      ...over,
    });
  const refused = (over: object, pattern: RegExp) =>
    assert.rejects(tokens(over).getToken(SCOPE), (e) => {
      return isProviderError(e, 'unauthorised') && pattern.test(e.message) && !/s3cret|nope/.test(e.message);
    });
  await refused({ clientSecret: 'env:WRONG' }, /AADSTS7000215.*secret is wrong/);
  await refused({ clientId: 'somebody-else' }, /AADSTS700016.*not in this tenant/);
  await refused({ tenantId: 'nowhere' }, /AADSTS90002.*check tenantId/);
  await assert.rejects(tokens({}).getToken('nonsense'), /AADSTS70011/);
  assert.throws(() => tokens({ authorityUrl: 'http://login.example.com' }), /plain http is for loopback only/);
  assert.ok(!JSON.stringify(azure.simulator.journal.entries()).includes('s3cret'));
});

const FAULTS: readonly (readonly [fault: Fault, kind: 'malformed' | 'unavailable' | 'retry-after'])[] = [
  [{ kind: 'html-error' }, 'malformed'],
  [{ kind: 'truncated-json' }, 'malformed'],
  [{ kind: 'reset-before-answer' }, 'unavailable'],
  [{ kind: 'status', status: 502 }, 'unavailable'],
  [{ kind: 'rate-limited', retryAfter: 3 }, 'retry-after'],
];
for (const [fault, kind] of FAULTS)
  test(`${fault.kind} of the token endpoint is ${kind}`, async () => {
    await using azure = await startAzure({ billRows });
    azure.simulator.faults.push({ ...fault, times: 1 });
    const tokens = azure.tokens();
    await assert.rejects(tokens.getToken(SCOPE), (e) => {
      return isProviderError(e, kind) && (kind !== 'retry-after' || e.retryAfterMs === 3_000);
    });
    assert.ok((await tokens.getToken(SCOPE)).token, 'a failure is not kept');
  });

test('the Azure clients take it as a credential', async () => {
  await using azure = await startAzure({ billRows });
  const credential: TokenCredential = azure.tokens();
  assert.ok((await credential.getToken(SCOPE))?.token);
});
