import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { digestPrefix } from '../../../providers/chat/buttons.ts';
import type { JsonObject, Misbehaviour } from '../../../sandbox/teams/types.ts';
import type { ApprovalRequest } from '../../../schemas/decision.ts';
import { DIGEST, failing, until } from '../../helpers/chat.ts';
import { startTeamsBench, type TeamsBench } from './bench.ts';

const STOP = 'approve_stop-instance';
let bench: TeamsBench;
/** Parts that can be taken away under the running app. */
const broken = { audit: false, store: false, claims: false, check: false };

before(async () => {
  bench = await startTeamsBench({
    deps: (deps) => ({
      ...deps,
      audit: failing(deps.audit, () => broken.audit),
      store: {
        ...deps.store,
        approvals: failing(deps.store.approvals, () => broken.store),
        cache: failing(deps.store.cache, () => broken.claims),
        check: () => (broken.check ? Promise.reject(new Error('down')) : deps.store.check()),
      },
    }),
  });
});
after(() => bench.stop());
beforeEach(() => {
  bench.told.length = 0;
  bench.simulator.faults.length = 0;
  Object.assign(broken, { audit: false, store: false, claims: false, check: false });
});

async function nothingHappened(request: ApprovalRequest): Promise<void> {
  assert.deepEqual(await bench.records.store.approvals.decisionsOn(request.approvalId), []);
  assert.deepEqual(bench.told, []);
}
const security = async () => (await bench.records.trail('auth')).map((e) => String(e.payload?.['reason']));

/** Presses once as described; expects the status, exactly one new entry with the reason in `auth`, and no decision. */
async function refusedAtTheDoor(misbehave: Misbehaviour, reason: string, status = 401): Promise<void> {
  const { request, ref } = await bench.ask();
  const before = (await security()).length;
  assert.equal((await bench.interact('ana', ref, { id: STOP, misbehave })).status, status);
  await until(async () => (await security()).length > before);
  assert.deepEqual((await security()).slice(before), [reason]);
  await nothingHappened(request);
  assert.deepEqual(await bench.records.refusals(request), []);
}

describe('a request that is not exactly what Teams sent to us just now gets 401 and an entry in the trail', () => {
  const cases: [string, string, Misbehaviour][] = [
    ['signed with another key', 'bad-signature', { wrongKey: true }],
    ['signed with an unknown key', 'bad-signature', { unknownKey: true }],
    ['algorithm none', 'bad-signature', { algorithm: 'none' }],
    ['the public key taken for a secret', 'bad-signature', { algorithm: 'HS256' }],
    ['no token', 'bad-signature', { omitToken: true }],
    ['another issuer', 'bad-signature', { claims: { iss: 'https://sts.windows.net/evil/' } }],
    ['no issuer', 'bad-signature', { claims: { iss: null } }],
    ['for another bot', 'other-app', { claims: { aud: '00000000-0000-4000-8000-00000000e711' } }],
    [
      'for another bot by a longer name of ours',
      'other-app',
      { claims: { aud: 'api://1d1e0000-0000-4000-8000-00000000b007' } },
    ],
    ['for nobody', 'other-app', { claims: { aud: null } }],
    ['an expired token', 'stale-timestamp', { tokenOffset: -3_700 }],
    ['a token that never expires', 'bad-signature', { claims: { exp: null } }],
    ['a token of the future', 'future-timestamp', { tokenOffset: 900 }],
    [
      'a token for another service URL',
      'bad-signature',
      { claims: { serviceurl: 'https://smba.trafficmanager.net/emea/' } },
    ],
    ['a token for no service URL', 'bad-signature', { claims: { serviceurl: null } }],
    ['an activity that names another service', 'bad-signature', { overrides: { serviceUrl: 'https://evil.example/' } }],
    [
      'another service in token and activity',
      'bad-signature',
      { claims: { serviceurl: 'https://evil.example/' }, overrides: { serviceUrl: 'https://evil.example/' } },
    ],
    ['an activity six minutes old', 'stale-timestamp', { timestampOffset: -360 }],
    ['an activity an hour in the future', 'future-timestamp', { timestampOffset: 3600 }],
  ];
  for (const [name, reason, misbehave] of cases) test(`${name}: ${reason}`, () => refusedAtTheDoor(misbehave, reason));

  test('a body that is no activity: malformed', async () => {
    await refusedAtTheDoor({ body: '{"type":"invoke"' }, 'malformed', 400);
    await refusedAtTheDoor({ body: '[]' }, 'malformed', 400);
    await refusedAtTheDoor({ overrides: { id: null } }, 'malformed', 400);
    await refusedAtTheDoor({ overrides: { timestamp: 'yesterday' } }, 'malformed', 400);
  });

  test('the same activity delivered three times counts once and is replayed twice', async () => {
    const { request, ref } = await bench.ask();
    const { deliveries } = await bench.interact('ana', ref, { id: STOP, misbehave: { deliveries: 3 } });
    assert.deepEqual(
      deliveries.map((d) => String(d.status)).sort((a, b) => a.localeCompare(b)),
      ['200', '401', '401'],
    );
    assert.equal((await bench.records.store.approvals.decisionsOn(request.approvalId)).length, 1);
    const replayed = await bench.sim('replay', {});
    assert.deepEqual([replayed['status'], replayed['answer']], [401, 'replayed']);
    await until(async () => (await security()).includes('replayed'));
    assert.equal(bench.told.length, 1);
  });

  test('a request without any header, and one beyond the limit', async () => {
    const bare = await fetch(`${bench.app.url}/api/messages`, { method: 'POST', body: '{}' });
    assert.equal(bare.status, 401);
    const huge = await fetch(`${bench.app.url}/api/messages`, { method: 'POST', body: 'x'.repeat(1_200_000) }).catch(
      () => null,
    );
    assert.ok(huge === null || huge.status === 413);
    assert.equal((await fetch(`${bench.app.url}/healthz`)).status, 200, 'the next request is not held up by it');
    assert.equal((await fetch(`${bench.app.url}/api/other`, { method: 'POST' })).status, 404);
  });

  test('keys that were exchanged are found; keys that cannot be read let nothing through', async () => {
    const { ref } = await bench.ask();
    await bench.sim('rotate-keys', {});
    assert.equal((await bench.interact('mallory', ref, STOP)).status, 200, 'signed with the new key');
    await bench.sim('rotate-keys', {});
    bench.simulator.faults.push({ path: '/v1/.well-known/keys', kind: 'status', status: 500, times: 1 });
    await refusedAtTheDoor({}, 'teams-unavailable', 503);
    assert.equal((await bench.interact('mallory', ref, STOP)).status, 200);
  });
});

describe('a person who may not decide is told why', () => {
  const cases: [string, string, string][] = [
    ['someone unknown to the directory, who has taken the name of an approver', 'mallory', 'not-an-approver'],
    ['a colleague outside the group of approvers', 'dev', 'policy:no-permit'],
    ['someone who left the team', 'gus', 'not-an-approver'],
    ['a guest', 'gina', 'guest'],
    ['a member of another tenant', 'fay', 'other-workspace'],
  ];
  for (const [name, user, reason] of cases)
    test(`${name}: ${reason}`, async () => {
      const { request, ref } = await bench.ask();
      const pressed = await bench.interact(user, ref, STOP);
      assert.equal(pressed.status, 200);
      assert.match(pressed.note, new RegExp(`Nothing was recorded.*\\(${reason}\\)`));
      const written = [...(await bench.records.refusals(request)), ...(await security())];
      assert.ok(written.includes(reason));
      await nothingHappened(request);
    });

  test('an activity that claims another tenant, app, channel or person', async () => {
    const { request, ref } = await bench.ask();
    const claim = async (overrides: NonNullable<Misbehaviour['overrides']>) =>
      (await bench.interact('ana', ref, { id: STOP, misbehave: { overrides } })).note;
    const conversation = { id: `${ref.channel};messageid=${ref.messageTs}`, tenantId: 'evil' };
    assert.match(await claim({ conversation }), /other-workspace/);
    assert.match(await claim({ channelData: { tenant: { id: 'evil' } } }), /other-workspace/);
    assert.match(await claim({ channelData: {}, conversation: { id: ref.channel } }), /other-workspace/);
    assert.match(await claim({ recipient: { id: '28:other-bot' } }), /other-app/);
    assert.match(await claim({ channelId: 'webchat' }), /other-app/);
    const { objectId } = bench.simulator.world.user('ben') as { objectId: string };
    assert.match(await claim({ from: { id: '29:mallory', aadObjectId: objectId } }), /teams-unavailable/);
    assert.match(await claim({ from: { id: '29:ana', name: 'Ana Almeida' } }), /not-an-approver/);
    await nothingHappened(request);
  });

  test('whoever set the tags that started this: self-approval, though they may reject', async () => {
    const { request, ref } = await bench.ask({ requesterSubject: 'cleo@acme.example' });
    assert.match((await bench.interact('cleo', ref, STOP)).note, /self-approval/);
    assert.deepEqual(await bench.records.refusals(request), ['self-approval']);
    await nothingHappened(request);
    const { note } = await bench.interact('cleo', ref, { id: 'reject', inputs: { reason: 'still in use' } });
    assert.match(note, /rejection is recorded/);
  });

  test('an owner who is no approver may say no, and only no, and only to their own', async () => {
    const own = await bench.ask({ ownerSubject: 'dev@acme.example' });
    assert.match((await bench.interact('dev', own.ref, STOP)).note, /policy:no-permit/);
    assert.match((await bench.interact('dev', own.ref, 'snooze_1d')).note, /snooze is recorded/);
    const foreign = await bench.ask();
    assert.match((await bench.interact('dev', foreign.ref, 'snooze_1d')).note, /policy:no-permit/);
    assert.deepEqual(await bench.records.store.approvals.decisionsOn(foreign.request.approvalId), []);
  });
});

describe('a request that is no longer what is being asked', () => {
  for (const status of ['expired', 'superseded', 'cancelled', 'decided'] as const)
    test(`status ${status}`, async () => {
      const { request, ref } = await bench.ask();
      await bench.records.store.approvals.transition(request.approvalId, 'open', status);
      const code = status === 'decided' ? 'already-decided' : status;
      assert.match((await bench.interact('ana', ref, STOP)).note, new RegExp(`\\(${code}\\)`));
      assert.deepEqual(await bench.records.refusals(request), [code]);
      await nothingHappened(request);
    });

  test('a button that an old window still shows after the card was replaced', async () => {
    const { request, ref } = await bench.ask();
    await bench.records.store.approvals.transition(request.approvalId, 'open', 'decided');
    await bench.chat.replaceWithDecision(ref, { headline: 'Rejected by Ben', detail: '' });
    assert.match((await bench.interact('ana', ref, STOP)).note, /already-decided/);
    await nothingHappened(request);
  });

  test('past its expiry although nobody has marked it yet', async () => {
    const { request, ref } = await bench.ask({ expiresAt: new Date(Date.now() - 1000).toISOString() });
    assert.match((await bench.interact('ana', ref, STOP)).note, /expired means no/);
    await nothingHappened(request);
  });

  test('another plan behind the same option', async () => {
    const options = [{ optionId: 'stop-instance' as const, planDigest: 'f'.repeat(64), requiredApprovals: 1 }];
    const { request, ref } = await bench.ask({ options });
    assert.match((await bench.interact('ana', ref, STOP)).note, /plan-digest-mismatch/);
    assert.deepEqual(await bench.records.refusals(request), ['plan-digest-mismatch']);
    await nothingHappened(request);
  });

  const approve = { kind: 'approve', optionId: 'stop-instance', digest: digestPrefix(DIGEST.stop) };
  const made: [string, (approvalId: string) => { verb?: string; data: JsonObject }][] = [
    ['of an unknown request', () => ({ verb: 'reject', data: { kind: 'reject', approvalId: 'apr-nowhere' } })],
    ['with an operator for an id', () => ({ verb: 'approve', data: { ...approve, approvalId: { $gt: '' } } })],
    ['whose verb is not what it carries', (approvalId) => ({ verb: 'snooze', data: { ...approve, approvalId } })],
    ['without a verb', (approvalId) => ({ data: { ...approve, approvalId } })],
    ['that only refreshes', () => ({ verb: 'refresh', data: {} })],
  ];
  for (const [name, actionFor] of made)
    test(`a button ${name}`, async () => {
      const { request, ref } = await bench.ask();
      const count = async () => (await security()).filter((reason) => reason === 'unknown-approval').length;
      const before = await count();
      const interaction = { action: actionFor(request.approvalId), inputs: { reason: 'long enough' } };
      assert.match((await bench.interact('ana', ref, interaction)).note, /unknown-approval/);
      await until(async () => (await count()) === before + 1);
      await nothingHappened(request);
    });
});

describe('what cannot be written down or checked is not accepted', () => {
  test('the trail is down', async () => {
    const { request, ref } = await bench.ask();
    broken.audit = true;
    assert.match((await bench.interact('ana', ref, STOP)).note, /audit-unavailable/);
    await nothingHappened(request);
    broken.audit = false;
    assert.match((await bench.interact('ana', ref, STOP)).note, /is recorded/, 'the next interaction counts');
  });

  test('the records are down, for the request or for the replay memory', async () => {
    const { request, ref } = await bench.ask();
    for (const part of ['store', 'claims'] as const) {
      broken[part] = true;
      const pressed = await bench.interact('ana', ref, STOP);
      broken[part] = false;
      assert.equal(pressed.status, 200);
      assert.match(pressed.note, /records-unavailable/);
      await nothingHappened(request);
    }
  });

  for (const fault of [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 403 },
    { kind: 'rate-limited', retryAfter: 30 },
    { kind: 'html-error' },
    { kind: 'truncated-json' },
  ] as const)
    test(`Teams does not say who pressed: ${fault.kind} ${'status' in fault ? fault.status : ''}`, async () => {
      const { request, ref } = await bench.ask();
      bench.simulator.faults.push({ path: '/members/', ...fault });
      assert.match((await bench.interact('ana', ref, STOP)).note, /teams-unavailable/);
      assert.deepEqual(await bench.records.refusals(request), ['teams-unavailable']);
      await nothingHappened(request);
    });

  test('/healthz says whether the records answer', async () => {
    assert.equal((await fetch(`${bench.app.url}/healthz`)).status, 200);
    broken.check = true;
    assert.equal((await fetch(`${bench.app.url}/healthz`)).status, 503);
  });
});
