import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { ChatPort } from '../../../ports/chat.ts';
import { createTeamsChat } from '../../../providers/chat/teams/chat.ts';
import { createTeamsClient } from '../../../providers/chat/teams/client.ts';
import { showProgress } from '../../../providers/chat/teams/decided.ts';
import { createMemory } from '../../../providers/chat/teams/memory.ts';
import { isProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import { createTeamsSimulator, SANDBOX_CONVERSATION, type TeamsSimulator } from '../../../sandbox/teams/index.ts';
import { card, chatDirectory } from '../../helpers/chat.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import { APP_PASSWORD, buttonsOf, cardText, teamsConfig, teamsSecrets } from '../teams/bench.ts';

const SEND = '/activities';
let simulator: TeamsSimulator;
let simUrl: string;
let cache: ReturnType<typeof memoryCache>;
let chat: ChatPort;
const owner = { ownerSubject: 'ana@acme.example' };

const adapter = (over: Parameters<typeof teamsConfig>[1] = {}) =>
  createTeamsChat({ config: teamsConfig(simUrl, over), secrets: teamsSecrets, directory: chatDirectory, cache });
const roots = () => simulator.world.messages.filter((m) => m.threadOf === null);
const cardOf = (id: string) => simulator.world.find(id)?.card ?? null;
const fails = (kind: ProviderErrorKind, pattern: RegExp) => (error: unknown) =>
  isProviderError(error, kind) && pattern.test((error as Error).message);

before(async () => {
  simulator = await createTeamsSimulator({ appPassword: APP_PASSWORD });
  simUrl = await simulator.start();
});
after(() => simulator.stop());
beforeEach(() => {
  simulator.faults.length = 0;
  simulator.world.messages.splice(0);
  simulator.journal.clear();
  cache = memoryCache();
  chat = adapter();
});

test('an approval is posted once, whoever repeats the call, and once more for the next round', async () => {
  const first = await chat.postApproval(card(), owner);
  assert.deepEqual(await chat.postApproval(card(), owner), first);
  assert.deepEqual(await adapter().postApproval(card(), owner), first);
  assert.equal(first.channel, SANDBOX_CONVERSATION);
  assert.equal(roots().length, 1);
  assert.equal(simulator.world.messages.length, 2, 'one post, one reply with the commands');
  const second = await chat.postApproval(card({ round: 2 }), owner);
  assert.notEqual(second.messageTs, first.messageTs);
  assert.equal(roots().length, 2);
});

test('one card costs five requests: token, owner, announcement, buttons and commands', async () => {
  await chat.postApproval(card(), owner);
  assert.deepEqual(
    simulator.journal.entries().map((e) => e.label),
    ['token', 'member', 'send', 'update', 'send'],
  );
});

test('an answer lost after Teams took the message never leaves a second card with buttons', async () => {
  simulator.faults.push({ path: SEND, kind: 'reset-after-effect', times: 1 });
  await assert.rejects(chat.postApproval(card(), owner), fails('unavailable', /send/));
  const ref = await chat.postApproval(card(), owner);
  const withButtons = roots().filter((m) => buttonsOf(m.card).length > 0);
  assert.deepEqual(
    withButtons.map((m) => m.id),
    [ref.messageTs],
  );
  const [left] = roots().filter((m) => m.id !== ref.messageTs);
  assert.match(cardText(left?.card), /if they do not, they are in the next message/);
});

test('a process that dies between announcing and showing the buttons leaves a message that is finished later', async () => {
  simulator.faults.push({ path: SEND, body: 'Without a decision by', kind: 'reset-before-answer', times: 1 });
  await assert.rejects(chat.postApproval(card(), owner), fails('unavailable', /update/));
  assert.equal(roots().length, 1);
  assert.deepEqual(buttonsOf(roots()[0]?.card), []);
  const ref = await adapter().postApproval(card(), owner);
  assert.equal(roots().length, 1);
  assert.ok(buttonsOf(cardOf(ref.messageTs)).length > 0);
});

test('a repeated call never brings buttons back to a card that was decided', async () => {
  const ref = await chat.postApproval(card(), owner);
  await chat.replaceWithDecision(ref, { headline: 'Approved by Ana', detail: '' });
  const versions = simulator.world.find(ref.messageTs)?.earlier.length;
  await adapter().postApproval(card(), owner);
  assert.equal(simulator.world.find(ref.messageTs)?.earlier.length, versions, 'not even for a moment');
  assert.deepEqual(buttonsOf(cardOf(ref.messageTs)), []);
  assert.match(cardText(cardOf(ref.messageTs)), /Approved by Ana/);
});

test('a decision that comes while progress is on its way has the last word', async () => {
  const ref = await chat.postApproval(card(), owner);
  const client = createTeamsClient({ config: teamsConfig(simUrl), secrets: teamsSecrets });
  simulator.faults.push({ path: SEND, body: '1 of 2 approvals', kind: 'latency', ms: 400, times: 1 });
  const progress = { text: '1 of 2 approvals by Ana', status: async () => 'open' as const };
  const shown = showProgress({ client, memory: createMemory(cache) }, ref, progress);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await chat.replaceWithDecision(ref, { headline: 'Rejected by Ben', detail: '' });
  await shown;
  assert.match(JSON.stringify(simulator.world.find(ref.messageTs)?.earlier), /1 of 2 approvals/, 'it came after');
  assert.deepEqual(buttonsOf(cardOf(ref.messageTs)), []);
  assert.match(cardText(cardOf(ref.messageTs)), /Rejected by Ben/);
});

test('a rate limit becomes "come back in so many seconds", also without the header', async () => {
  for (const [fault, wait] of [
    [{ retryAfter: 7 }, 7000],
    [{}, 5000],
  ] as const) {
    simulator.faults.push({ path: SEND, kind: 'rate-limited', times: 1, ...fault });
    await assert.rejects(
      chat.postApproval(card(), owner),
      (e: unknown) => isProviderError(e, 'retry-after') && e.retryAfterMs === wait,
    );
  }
});

test('errors say what to do about them', async () => {
  await chat.check();
  const cases: [Parameters<typeof simulator.faults.push>[0], ProviderErrorKind, RegExp][] = [
    [{ path: SEND, kind: 'status', status: 403 }, 'unauthorised', /add it to that team/],
    [{ path: SEND, kind: 'status', status: 404 }, 'not-found', /404/],
    [{ path: SEND, kind: 'status', status: 412 }, 'unavailable', /412/],
    [{ path: SEND, kind: 'status', status: 503 }, 'unavailable', /503/],
    [
      { path: SEND, kind: 'status', status: 400, responseBody: '{"error":{"code":"BadSyntax"}}' },
      'terminal',
      /BadSyntax/,
    ],
    [{ path: SEND, kind: 'status', status: 200, responseBody: '{}' }, 'malformed', /field id.*chat\.teams\.serviceUrl/],
  ];
  for (const [fault, kind, pattern] of cases) {
    simulator.faults.splice(0, Infinity, { times: 1, ...fault });
    await assert.rejects(chat.postApproval(card(), owner), fails(kind, pattern), JSON.stringify(fault));
  }
  assert.equal(roots().length, 0);
});

test('a token that ran out or was taken back is renewed once; a wrong secret is said to be one', async () => {
  await chat.check();
  simulator.tokens.revokeAll();
  assert.match(await chat.check(), /with 8 members/);
  simulator.faults.push({ path: '/teams/', kind: 'status', status: 401, times: 2 });
  await assert.rejects(chat.check(), fails('unauthorised', /appPassword/));

  const wrong = createTeamsChat({
    config: teamsConfig(simUrl),
    secrets: { resolve: async () => 'hunter2-of-the-tests' },
    directory: chatDirectory,
    cache,
  });
  await assert.rejects(
    wrong.check(),
    (error: Error) =>
      fails('unauthorised', /may not sign in: check chat\.teams\.appId, appPassword/)(error) &&
      !`${error.stack}${JSON.stringify(error)}`.includes('hunter2'),
  );
  await assert.rejects(adapter({ conversationId: '19:elsewhere@thread.tacv2' }).check(), fails('unauthorised', /team/));
});

test('tokens are asked for once, however many calls wait for one, and go over encrypted connections only', async () => {
  await Promise.all(Array.from({ length: 5 }, () => chat.check()));
  assert.equal(simulator.journal.entries().filter((e) => e.label === 'token').length, 1);
  assert.throws(() => adapter({ serviceUrl: 'http://smba.example/teams' }), /use https/);
  assert.throws(() => adapter({ tokenUrl: 'http://login.example/token' }), /use https/);
});

test('the decision takes the place of the buttons, as often as it is said, also when the card was forgotten', async () => {
  const ref = await chat.postApproval(card(), owner);
  const verdict = { headline: 'Approved by [Ana](https://evil.example)', detail: 'Secure stop, 10:31 UTC' };
  await chat.replaceWithDecision(ref, verdict);
  await chat.replaceWithDecision(ref, verdict);
  assert.deepEqual(buttonsOf(cardOf(ref.messageTs)), []);
  assert.equal(cardText(cardOf(ref.messageTs)).split('Approved by').length, 2);
  assert.match(cardText(cardOf(ref.messageTs)), /web-idle-3/, 'what was asked stays readable');

  const second = await chat.postApproval(card({ round: 2 }), owner);
  cache = memoryCache();
  await adapter().replaceWithDecision(second, verdict);
  assert.deepEqual(buttonsOf(cardOf(second.messageTs)), []);
});

test('the decision on a message somebody deleted is posted instead, once', async () => {
  const ref = await chat.postApproval(card(), owner);
  simulator.world.messages.splice(0);
  const verdict = { headline: 'Rejected by Ben', detail: 'still needed' };
  await chat.replaceWithDecision(ref, verdict);
  await chat.replaceWithDecision(ref, verdict);
  assert.equal(roots().length, 1);
  assert.match(cardText(roots()[0]?.card), /Rejected by Ben/);
});

test('a line goes into the thread once per marker, as plain text', async () => {
  const ref = await chat.postApproval(card(), owner);
  for (const marker of ['m1', 'm1', 'm2'])
    await chat.postToThread(ref, { marker, text: `step ${marker} <at>all</at>` });
  const lines = simulator.world.messages.filter((m) => m.threadOf === ref.messageTs && m.text.startsWith('step'));
  assert.deepEqual(
    lines.map((m) => [m.text, m.textFormat]),
    [
      ['step m1 <at>all</at>', 'plain'],
      ['step m2 <at>all</at>', 'plain'],
    ],
  );
});

test('the client secret never appears in an error', async () => {
  for (const path of [SEND, '/oauth2/']) {
    simulator.faults.push({ path, kind: 'reset-before-answer', times: 1 });
    await assert.rejects(
      adapter().postApproval(card(), owner),
      (error: Error) => !`${error.stack}${JSON.stringify(error)}`.includes(APP_PASSWORD),
    );
  }
});
