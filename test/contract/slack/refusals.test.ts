import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Misbehaviour } from '../../../sandbox/slack/types.ts';
import type { ApprovalRequest } from '../../../schemas/decision.ts';
import { failing, until } from '../../helpers/chat.ts';
import { type SlackBench, startSlackBench } from '../../helpers/slack.ts';

const STOP = 'opt_approve_stop-instance';
let bench: SlackBench;
/** Parts that can be taken away under the running app. */
const broken = { audit: false, store: false, cache: false, check: false };

before(async () => {
  bench = await startSlackBench({
    deps: (deps) => ({
      ...deps,
      audit: failing(deps.audit, () => broken.audit),
      store: {
        ...deps.store,
        approvals: failing(deps.store.approvals, () => broken.store),
        cache: failing(deps.store.cache, () => broken.cache),
        check: () => (broken.check ? Promise.reject(new Error('down')) : deps.store.check()),
      },
      times: { ...deps.times, approverCacheMs: 0 },
    }),
  });
});
after(() => bench.stop());
beforeEach(() => {
  bench.told.length = 0;
  bench.clearNotes();
  Object.assign(broken, { audit: false, store: false, cache: false, check: false });
});

async function nothingHappened(request: ApprovalRequest): Promise<void> {
  assert.deepEqual(await bench.store.approvals.decisionsOn(request.approvalId), []);
  assert.deepEqual(bench.told, []);
}

describe('a request that is not exactly what Slack sent just now gets 401 and an entry in the trail', () => {
  const cases: [string, string, Misbehaviour][] = [
    ['wrong signature', 'bad-signature', { wrongSignature: true }],
    ['wrong secret', 'bad-signature', { wrongSecret: true }],
    ['no signature', 'bad-signature', { omitSignature: true }],
    ['one byte changed', 'bad-signature', { tamper: true }],
    ['six minutes old', 'stale-timestamp', { timestampOffset: -360 }],
    ['an hour in the future', 'future-timestamp', { timestampOffset: 3600 }],
  ];
  for (const [name, reason, misbehave] of cases)
    test(`${name}: ${reason}`, async () => {
      const { request, ref } = await bench.ask();
      const before = (await bench.trail('auth')).length;
      assert.equal((await bench.interact('U0ANA', ref, { id: STOP, misbehave })).status, 401);
      await until(async () => (await bench.trail('auth')).length > before);
      const last = (await bench.trail('auth')).at(-1);
      assert.equal(last?.type, 'SECURITY');
      assert.equal(last?.payload?.reason, reason);
      await nothingHappened(request);
      assert.deepEqual(bench.simulator.world.ephemerals, []);
    });

  test('the same request delivered three times counts once and is replayed twice', async () => {
    const { request, ref } = await bench.ask();
    const { deliveries } = await bench.interact('U0ANA', ref, { id: STOP, misbehave: { deliveries: 3 } });
    assert.deepEqual(
      deliveries.map((d) => String(d.status)).sort((a, b) => a.localeCompare(b)),
      ['200', '401', '401'],
    );
    await bench.notes('U0ANA');
    assert.equal((await bench.store.approvals.decisionsOn(request.approvalId)).length, 1);
    const replayed = await bench.sim('replay', {});
    assert.equal(replayed.status, 401);
    assert.equal(replayed.answer, 'replayed');
    await until(async () => (await bench.trail('auth')).some((e) => e.payload?.reason === 'replayed'));
    assert.equal(bench.told.length, 1);
  });

  test('a body without any header is refused', async () => {
    const answer = await fetch(`${bench.app.url}/slack/events`, { method: 'POST', body: 'payload=%7B%7D' });
    assert.equal(answer.status, 401);
  });

  test('a body beyond the limit is refused unread', async () => {
    const answer = await fetch(`${bench.app.url}/slack/events`, { method: 'POST', body: 'x'.repeat(1_200_000) }).catch(
      () => null,
    );
    assert.ok(answer === null || answer.status === 413);
    assert.equal((await fetch(`${bench.app.url}/healthz`)).status, 200, 'the next request is not held up by it');
  });
});

describe('a person who may not decide is told why', () => {
  const cases: [string, string, string][] = [
    ['a stranger to the directory', 'U0MAL', 'not-an-approver'],
    ['a colleague outside the approver group', 'U0DEV', 'not-an-approver'],
    ['a deactivated account', 'U0GONE', 'deactivated-user'],
    ['a bot', 'U0BOT', 'bot'],
    ['a guest', 'U0GUEST', 'guest'],
    ['a member of another workspace', 'U0FAR', 'other-workspace'],
  ];
  for (const [name, user, reason] of cases)
    test(`${name}: ${reason}`, async () => {
      const { request, ref } = await bench.ask();
      assert.equal((await bench.interact(user, ref, STOP)).status, 200);
      assert.match((await bench.notes(user))[0] ?? '', new RegExp(`Nothing was recorded.*\\(${reason}\\)`));
      const written = [
        ...(await bench.refusals(request)),
        ...(await bench.trail('auth')).map((e) => e.payload?.reason),
      ];
      assert.ok(written.includes(reason));
      await nothingHappened(request);
    });

  test('a payload that claims another workspace or another app', async () => {
    const { request, ref } = await bench.ask();
    await bench.interact('U0ANA', ref, {
      id: STOP,
      misbehave: { overrides: { team: { id: 'T0EVIL', domain: 'evil' } } },
    });
    assert.match((await bench.notes('U0ANA'))[0] ?? '', /other-workspace/);
    await bench.interact('U0ANA', ref, { id: STOP, misbehave: { overrides: { api_app_id: 'A0EVIL' } } });
    assert.match((await bench.notes('U0ANA', 2))[1] ?? '', /other-app/);
    await nothingHappened(request);
  });

  test('whoever set the tags that started this: self-approval, though they may reject', async () => {
    const { request, ref } = await bench.ask({ requesterSubject: 'cleo@acme.example' });
    await bench.interact('U0CLEO', ref, STOP);
    assert.match((await bench.notes('U0CLEO'))[0] ?? '', /self-approval/);
    assert.deepEqual(await bench.refusals(request), ['self-approval']);
    await nothingHappened(request);
    await bench.interact('U0CLEO', ref, 'opt_reject');
    await until(() => [...bench.simulator.world.views.values()].some((v) => v.user === 'U0CLEO'));
  });

  test('the policy has the last word and is named: a Slack group alone is no authority', async () => {
    const { request, ref } = await bench.ask();
    const group = bench.simulator.world.seed.usergroups[0] as unknown as { members: readonly string[] };
    const before = group.members;
    group.members = [...before, 'U0DEV'];
    try {
      await bench.interact('U0DEV', ref, STOP);
      assert.match((await bench.notes('U0DEV'))[0] ?? '', /policy:no-permit/);
      assert.deepEqual(await bench.refusals(request), ['policy:no-permit']);
      await nothingHappened(request);
    } finally {
      group.members = before;
    }
  });

  test('an owner who is no approver may say no, and only no, and only to their own', async () => {
    const own = await bench.ask({ ownerSubject: 'dev@acme.example' });
    await bench.interact('U0DEV', own.ref, STOP);
    assert.match((await bench.notes('U0DEV'))[0] ?? '', /not-an-approver/);
    await bench.interact('U0DEV', own.ref, 'opt_snooze_1d');
    assert.match((await bench.notes('U0DEV', 2))[1] ?? '', /snooze is recorded/);
    const foreign = await bench.ask();
    await bench.interact('U0DEV', foreign.ref, 'opt_snooze_1d');
    assert.match((await bench.notes('U0DEV', 3))[2] ?? '', /policy:no-permit/);
    assert.deepEqual(await bench.store.approvals.decisionsOn(foreign.request.approvalId), []);
  });

  test('an account listed for one person with the address of another is nobody', async () => {
    const { request, ref } = await bench.ask();
    const users = bench.simulator.world.seed.users as unknown as { id: string; email: string }[];
    const ana = users.find((u) => u.id === 'U0ANA') as { email: string };
    ana.email = 'ben@acme.example';
    try {
      await bench.interact('U0ANA', ref, STOP);
      assert.match((await bench.notes('U0ANA'))[0] ?? '', /not-an-approver/);
      await nothingHappened(request);
    } finally {
      ana.email = 'ana@acme.example';
    }
  });

  test('a matching address that nobody verified is no identity', async () => {
    const { request, ref } = await bench.ask();
    const ben = bench.simulator.world.seed.users.find((u) => u.id === 'U0BEN') as { emailConfirmed?: boolean };
    ben.emailConfirmed = false;
    try {
      await bench.interact('U0BEN', ref, STOP);
      assert.match((await bench.notes('U0BEN'))[0] ?? '', /unverified-email/);
      await nothingHappened(request);
    } finally {
      delete ben.emailConfirmed;
    }
  });
});

describe('a request that is no longer what is being asked', () => {
  for (const status of ['expired', 'superseded', 'cancelled', 'decided'] as const)
    test(`status ${status}`, async () => {
      const { request, ref } = await bench.ask();
      await bench.store.approvals.transition(request.approvalId, 'open', status);
      await bench.interact('U0ANA', ref, STOP);
      const code = status === 'decided' ? 'already-decided' : status;
      assert.match((await bench.notes('U0ANA'))[0] ?? '', new RegExp(`\\(${code}\\)`));
      assert.deepEqual(await bench.refusals(request), [code]);
      await nothingHappened(request);
    });

  test('past its expiry although nobody has marked it yet', async () => {
    const { request, ref } = await bench.ask({ expiresAt: new Date(Date.now() - 1000).toISOString() });
    await bench.interact('U0ANA', ref, STOP);
    assert.match((await bench.notes('U0ANA'))[0] ?? '', /expired means no/);
    await nothingHappened(request);
  });

  test('another plan behind the same option', async () => {
    const options = [{ optionId: 'stop-instance' as const, planDigest: 'f'.repeat(64), requiredApprovals: 1 }];
    const { request, ref } = await bench.ask({ options });
    await bench.interact('U0ANA', ref, STOP);
    assert.match((await bench.notes('U0ANA'))[0] ?? '', /plan-digest-mismatch/);
    assert.deepEqual(await bench.refusals(request), ['plan-digest-mismatch']);
    await nothingHappened(request);
  });

  for (const [name, value] of [
    ['of an unknown request', JSON.stringify({ kind: 'reject', approvalId: 'apr-nowhere' })],
    ['with an operator for an id', '{"kind":"reject","approvalId":{"$gt":""}}'],
    ['that is not ours', 'garbage'],
  ] as const)
    test(`a button ${name}`, async () => {
      const { request, ref } = await bench.ask();
      const count = async () =>
        (await bench.trail('auth')).filter((e) => e.payload?.reason === 'unknown-approval').length;
      const before = await count();
      await bench.interact('U0ANA', ref, { id: STOP, value });
      assert.match((await bench.notes('U0ANA'))[0] ?? '', /unknown-approval/);
      await until(async () => (await count()) === before + 1);
      await nothingHappened(request);
    });
});

describe('what cannot be written down or checked is not accepted', () => {
  test('the trail is down', async () => {
    const { request, ref } = await bench.ask();
    broken.audit = true;
    await bench.interact('U0ANA', ref, STOP);
    assert.match((await bench.notes('U0ANA'))[0] ?? '', /audit-unavailable/);
    await nothingHappened(request);
    broken.audit = false;
    await bench.interact('U0ANA', ref, STOP);
    assert.match((await bench.notes('U0ANA', 2))[1] ?? '', /is recorded/, 'the next interaction counts');
  });

  test('the records are down, for the request or for the replay memory', async () => {
    const { request, ref } = await bench.ask();
    for (const part of ['store', 'cache'] as const) {
      bench.clearNotes();
      broken[part] = true;
      assert.equal((await bench.interact('U0ANA', ref, STOP)).status, 200);
      assert.match((await bench.notes('U0ANA'))[0] ?? '', /records-unavailable/);
      broken[part] = false;
      await nothingHappened(request);
    }
  });

  for (const path of ['users.info', 'usergroups.users.list'])
    for (const fault of [
      { kind: 'status', status: 500 },
      { kind: 'rate-limited', retryAfter: 30 },
      { kind: 'html-error' },
    ] as const)
      test(`Slack does not answer ${path}: ${fault.kind}`, async () => {
        const { request, ref } = await bench.ask();
        bench.simulator.faults.push({ path, ...fault });
        await bench.interact('U0ANA', ref, STOP);
        const [note] = await bench.notes('U0ANA');
        bench.simulator.faults.length = 0;
        assert.match(note ?? '', /slack-unavailable/);
        assert.deepEqual(await bench.refusals(request), ['slack-unavailable']);
        await nothingHappened(request);
      });

  test('a note Slack will not post goes to the response URL', async () => {
    const { ref } = await bench.ask();
    bench.simulator.faults.push({ path: 'chat.postEphemeral', kind: 'status', status: 500, times: 1 });
    await bench.interact('U0MAL', ref, STOP);
    assert.match((await bench.notes('U0MAL'))[0] ?? '', /not-an-approver/);
  });

  test('/healthz says whether the records answer', async () => {
    assert.equal((await fetch(`${bench.app.url}/healthz`)).status, 200);
    broken.check = true;
    assert.equal((await fetch(`${bench.app.url}/healthz`)).status, 503);
  });
});
