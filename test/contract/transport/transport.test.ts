import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { isProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import { ROWS } from './rows.ts';
import type { Case, VendorRow } from './row.ts';
import { says, type Step, startScriptedServer } from './scripted-server.ts';

// The same cases for every vendor's client. What a vendor does its own way is in its row, or in a test of its own.

const SECRET = 'do-not-print-5551212';
const START = Date.UTC(2026, 1, 28, 23, 30);
const server = await startScriptedServer();
const elsewhere = await startScriptedServer();
after(() => Promise.all([server.stop(), elsewhere.stop()]));

function rig(row: VendorRow, more: { url?: string; timeoutMs?: number } = {}) {
  let now = START;
  let secrets = 0;
  server.reset();
  for (const [path, step] of Object.entries(row.others ?? {})) server.answer(path, step);
  server.answer(row.path, row.good);
  const client = () =>
    row.connect({
      url: more.url ?? server.url,
      // Short only where silence is what is tried: a busy machine must not look like a silent vendor.
      timeoutMs: more.timeoutMs ?? 30_000,
      // Another one each time: as if it had been replaced meanwhile.
      secrets: { resolve: async () => `${SECRET}-${secrets++}` },
      clock: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    });
  const asked = (words: string) => server.seen.filter((request) => says(request, words)).length;
  return {
    client,
    ask: () => client().ask(),
    answers: (...steps: readonly (Step | (() => Step))[]) => server.answer(row.path, ...steps),
    asked: () => asked(row.path),
    tokens: () => asked(row.token?.path ?? 'no token'),
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

async function failsAs(
  row: VendorRow,
  ask: () => Promise<unknown>,
  expected: { kind: ProviderErrorKind; case: Case; retryAfterMs?: number },
): Promise<void> {
  await assert.rejects(ask, (error) => {
    assert.ok(isProviderError(error), String(error));
    assert.equal(error.kind, row.kinds?.[expected.case] ?? expected.kind, error.message);
    if (expected.retryAfterMs !== undefined) assert.equal(error.retryAfterMs, expected.retryAfterMs, error.message);
    assert.ok(!`${error.message}${error.cause}${JSON.stringify(error)}`.includes(SECRET), 'the secret is not told');
    return true;
  });
}

for (const row of ROWS)
  describe(`${row.name} over HTTP`, () => {
    const test = (name: string, which: Case, run: () => Promise<void>) => {
      const reason = row.skip?.[which];
      it(name, reason === undefined ? {} : { skip: `not run: ${reason}` }, run);
    };

    test('429 with Retry-After in seconds', '429', async () => {
      const { ask, answers } = rig(row);
      answers({ status: 429, headers: { 'retry-after': '7' } });
      await failsAs(row, ask, { kind: 'retry-after', case: '429', retryAfterMs: 7_000 });
    });

    test('429 with Retry-After as a date, by the clock that was given', '429', async () => {
      const { ask, answers, now } = rig(row);
      answers(() => ({ status: 429, headers: { 'retry-after': new Date(now() + 9_000).toUTCString() } }));
      await assert.rejects(ask, (error) => {
        assert.ok(isProviderError(error, 'retry-after'), String(error));
        // A date has whole seconds.
        assert.ok((error.retryAfterMs ?? 0) > 8_000 && (error.retryAfterMs ?? 0) <= 9_000, `${error.retryAfterMs}`);
        return true;
      });
    });

    if (row.wait)
      test('429 with a header of its own', '429', async () => {
        const { ask, answers } = rig(row);
        answers({ status: 429, ...(row.wait ? { headers: row.wait.headers } : {}) });
        await failsAs(row, ask, {
          kind: 'retry-after',
          case: '429',
          ...(row.wait ? { retryAfterMs: row.wait.ms } : {}),
        });
      });

    test('429 that says nothing, or no waiting time, is waited for all the same', 'unstated 429', async () => {
      for (const headers of [{}, { 'retry-after': 'a while, 5 minutes maybe' }]) {
        const { ask, answers } = rig(row);
        answers({ status: 429, headers });
        await assert.rejects(ask, (error) => {
          assert.ok(isProviderError(error, 'retry-after'), String(error));
          assert.ok((error.retryAfterMs ?? 0) >= 250, `${error.retryAfterMs}`);
          return true;
        });
      }
    });

    test('503', '503', async () => {
      const { ask, answers } = rig(row);
      answers({ status: 503, body: 'down' });
      await failsAs(row, ask, { kind: 'unavailable', case: '503' });
    });

    test('silence before the headers', 'silence', async () => {
      const { ask, answers } = rig(row, { timeoutMs: 150 });
      answers({ hang: 'before headers' });
      await failsAs(row, ask, { kind: 'unavailable', case: 'silence' });
    });

    test('silence inside the body', 'silence inside the body', async () => {
      const { ask, answers } = rig(row, { timeoutMs: 150 });
      answers({ hang: 'in the body' });
      await failsAs(row, ask, { kind: 'unavailable', case: 'silence inside the body' });
    });

    test('an answer without end', 'too long', async () => {
      const { ask, answers } = rig(row);
      answers({ headers: { 'content-length': '2000000000' }, hang: 'in the body' });
      await failsAs(row, ask, { kind: 'malformed', case: 'too long' });
    });

    test('half an answer, and a page of a proxy', 'broken JSON', async () => {
      for (const body of ['{"half":', '<html>Sign in</html>']) {
        const { ask, answers } = rig(row);
        answers({ ...row.good, body });
        await failsAs(row, ask, { kind: 'malformed', case: 'broken JSON' });
      }
    });

    test('credentials refused once are renewed once', '401 once', async () => {
      const { ask, answers, asked, tokens } = rig(row);
      answers({ status: 401 }, row.good);
      await ask();
      assert.equal(asked(), 2);
      if (row.token) assert.equal(tokens(), 2);
    });

    test('credentials refused for good end it, without a loop', '401 for good', async () => {
      const { ask, answers, asked } = rig(row);
      answers({ status: 401 });
      await failsAs(row, ask, { kind: 'unauthorised', case: '401 for good' });
      assert.ok(asked() <= 2, `${asked()}`);
    });

    test('403', '403', async () => {
      const { ask, answers } = rig(row);
      answers({ status: 403 });
      await failsAs(row, ask, { kind: 'unauthorised', case: '403' });
    });

    for (const status of [404, 409, 400] as const)
      test(`a ${status} that passes is no verdict`, `a passing ${status}`, async () => {
        const { ask, answers, asked } = rig(row);
        answers({ status }, row.good);
        await ask();
        assert.equal(asked(), 2);
      });

    test('a 404 that stays is one, after a bounded time', 'a lasting 404', async () => {
      const { ask, answers, asked, now } = rig(row);
      answers({ status: 404 });
      await failsAs(row, ask, { kind: 'not-found', case: 'a lasting 404' });
      assert.equal(asked(), 3);
      assert.ok(now() - START <= 5_000);
    });

    test('a redirect to another host is not followed', 'a redirect', async () => {
      const { ask, answers } = rig(row);
      elsewhere.reset();
      answers({ status: 302, headers: { location: `${elsewhere.url}/collect` } });
      await failsAs(row, ask, { kind: 'terminal', case: 'a redirect' });
      assert.equal(elsewhere.seen.length, 0);
    });

    test('no credentials over plain http', 'plain http', async () => {
      const { ask } = rig(row, { url: 'http://vendor.example' });
      await assert.rejects(
        async () => ask(),
        (error) => {
          assert.ok(isProviderError(error, 'terminal') && /https/.test(error.message), String(error));
          return true;
        },
      );
      assert.equal(server.seen.length, 0);
    });

    if (row.token) {
      const { lifeMs } = row.token;
      test('one token for however many callers', 'one token', async () => {
        const { client, tokens, asked } = rig(row);
        const one = client();
        await Promise.all([one.ask(), one.ask(), one.ask(), one.ask()]);
        assert.equal(tokens(), 1);
        assert.ok(asked() >= 1);
      });

      test('a new token before the old one ends', 'a new token', async () => {
        const { client, tokens, pass } = rig(row);
        const one = client();
        await one.ask();
        pass(lifeMs * 0.5);
        await one.ask();
        assert.equal(tokens(), 1);
        pass(lifeMs * 0.49);
        await one.ask();
        assert.equal(tokens(), 2);
      });
    }
  });
