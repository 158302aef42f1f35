import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { compute } from '@googleapis/compute';
import { sqladmin } from '@googleapis/sqladmin';
import { isProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import { createGoogleAuth } from '../../../providers/google-auth/index.ts';
import type { Fault } from '../../../sandbox/kit/faults.ts';
import { billOf } from './azure-gcp-bill.ts';
import { KEY, type Rig, startGcp } from './gcp-rig.ts';

const billRows = billOf('gcp', []);
const secretsOf = (over: object, gcp: Rig) => ({
  resolve: async () => JSON.stringify({ ...KEY, token_uri: `${gcp.url}/token`, ...over }),
});
const authOf = (over: object, gcp: Rig) => createGoogleAuth({ credentials: 'env:KEY', secrets: secretsOf(over, gcp) });

test('many callers share one token; one that is forgotten is asked for again', async () => {
  await using gcp = await startGcp({ billRows });
  const auth = gcp.auth();
  const tokens = await Promise.all([auth.getAccessToken(), auth.getAccessToken()]);
  assert.equal(tokens[0]?.token, tokens[1]?.token);
  await auth.getRequestHeaders();
  assert.equal(gcp.simulator.gcpBilling.tokensIssued(), 1);
  auth.setCredentials({});
  await auth.getRequestHeaders();
  assert.equal(gcp.simulator.gcpBilling.tokensIssued(), 2);
});

test('keys that are not accepted, or none, are told with what to do and never shown', async () => {
  await using gcp = await startGcp({ billRows });
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const refused = (over: object, kind: ProviderErrorKind, pattern: RegExp) =>
    assert.rejects(authOf(over, gcp).getRequestHeaders(), (e) => {
      return isProviderError(e, kind) && pattern.test(e.message) && !/PRIVATE KEY/.test(e.message);
    });
  await refused({ private_key: other }, 'unauthorised', /invalid_grant.*may be deleted or disabled/);
  await refused({ client_email: 'x@y.z' }, 'unauthorised', /invalid_grant/);
  await refused({ private_key: 'not a key' }, 'terminal', /private_key is no PKCS#8 RSA key/);
  await refused({ type: 'external_account' }, 'terminal', /no usable type/);
  await refused({ token_uri: 'http://tokens.example.com' }, 'terminal', /plain http is for loopback only/);
  const noJson = createGoogleAuth({ credentials: 'env:KEY', secrets: { resolve: async () => 'xyz' } });
  await assert.rejects(noJson.getRequestHeaders(), (e) => isProviderError(e, 'terminal') && /not JSON/.test(e.message));
});

test('a clock that is wrong and a statement for somebody else are refused', async () => {
  await using gcp = await startGcp({ billRows });
  const late = { credentials: 'env:KEY', secrets: secretsOf({}, gcp), clock: () => Date.now() - 7_200_000 };
  await assert.rejects(createGoogleAuth(late).getRequestHeaders(), /invalid_grant/);
  const elsewhere = { credentials: 'env:KEY', secrets: secretsOf({ token_uri: 'https://tokens.example.com' }, gcp) };
  const auth = createGoogleAuth({ ...elsewhere, tokenUrl: `${gcp.url}/token` });
  await assert.rejects(auth.getRequestHeaders(), /invalid_grant/);
  const google = { credentials: 'env:KEY', secrets: secretsOf({ token_uri: undefined }, gcp) };
  assert.ok(await createGoogleAuth({ ...google, tokenUrl: `${gcp.url}/token` }).getRequestHeaders());
});

const FAULTS: readonly (readonly [fault: Fault, kind: ProviderErrorKind])[] = [
  [{ kind: 'html-error' }, 'malformed'],
  [{ kind: 'truncated-json' }, 'malformed'],
  [{ kind: 'reset-before-answer' }, 'unavailable'],
  [{ kind: 'status', status: 503 }, 'unavailable'],
  [{ kind: 'rate-limited', retryAfter: 4 }, 'retry-after'],
];
for (const [fault, kind] of FAULTS)
  test(`${fault.kind} of the token endpoint is ${kind}`, async () => {
    await using gcp = await startGcp({ billRows });
    gcp.simulator.faults.push({ ...fault, path: '/token', times: 1 });
    const auth = gcp.auth();
    await assert.rejects(auth.getRequestHeaders(), (e) => {
      return isProviderError(e, kind) && (kind !== 'retry-after' || e.retryAfterMs === 4_000);
    });
    assert.ok(await auth.getRequestHeaders());
  });

test('Google’s own clients take it, and a token they are refused is renewed once', async () => {
  await using gcp = await startGcp({ billRows });
  const seen: string[] = [];
  const api = createServer((request, response) => {
    seen.push(`${request.url?.split('?')[0]} ${request.headers.authorization}`);
    response.statusCode = seen.length === 1 ? 401 : 200;
    response.setHeader('content-type', 'application/json').end('{"items":[]}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => api.once('listening', resolve));
  const rootUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}/`;
  try {
    const auth = gcp.auth();
    await compute({ version: 'v1', auth: auth as never, rootUrl }).instances.list({ project: 'p', zone: 'z' });
    await sqladmin({ version: 'v1', auth: auth as never, rootUrl }).instances.list({ project: 'p' });
  } finally {
    api.close();
  }
  assert.equal(gcp.simulator.gcpBilling.tokensIssued(), 2);
  assert.equal(seen.length, 3);
  assert.ok(seen.every((line) => / Bearer ya29\./.test(line)));
  assert.notEqual(seen[0]?.split(' ')[2], seen[1]?.split(' ')[2]);
  assert.equal(seen[1]?.split(' ')[2], seen[2]?.split(' ')[2]);
});
