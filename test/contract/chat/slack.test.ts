import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { ChatPort } from '../../../ports/chat.ts';
import { createSlackChat } from '../../../providers/chat/slack/chat.ts';
import { isProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import { createSlackSimulator, type SlackSimulator } from '../../../sandbox/slack/index.ts';
import type { JsonObject } from '../../../sandbox/slack/types.ts';
import { card, chatDirectory } from '../../helpers/chat.ts';
import { BOT_TOKEN, CHANNEL, SIGNING_SECRET, slackConfig, slackSecrets } from '../../helpers/slack.ts';

let simulator: SlackSimulator;
let apiUrl: string;
let chat: ChatPort;
const owner = { ownerSubject: 'ana@acme.example' };

const adapter = () =>
  createSlackChat({ config: slackConfig(apiUrl), secrets: slackSecrets, directory: chatDirectory, timeoutMs: 1000 });
const roots = () => simulator.world.messages.filter((m) => m.threadTs === null);
const everyText = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(everyText);
  if (value && typeof value === 'object')
    return Object.entries(value).flatMap(([k, v]) => (k === 'text' && typeof v === 'string' ? [v] : everyText(v)));
  return [];
};
const fails = (kind: ProviderErrorKind, pattern: RegExp) => (error: unknown) =>
  isProviderError(error, kind) && pattern.test((error as Error).message);

before(async () => {
  simulator = createSlackSimulator({ signingSecret: SIGNING_SECRET, options: { botToken: BOT_TOKEN } });
  apiUrl = `${await simulator.start()}/api`;
});
after(() => simulator.stop());
beforeEach(async () => {
  simulator.faults.length = 0;
  simulator.world.messages.splice(0);
  chat = await adapter();
});

test('an approval is posted once, whoever repeats the call, and once more for the next round', async () => {
  const first = await chat.postApproval(card(), owner);
  assert.deepEqual(await chat.postApproval(card(), owner), first);
  assert.deepEqual(await (await adapter()).postApproval(card(), owner), first);
  assert.equal(roots().length, 1);
  assert.equal(simulator.world.messages.length, 2, 'one message, one reply with the commands');
  const second = await chat.postApproval(card({ round: 2 }), owner);
  assert.notEqual(second.messageTs, first.messageTs);
  assert.equal(roots().length, 2);
});

test('an answer lost after Slack stored the message does not post it twice', async () => {
  simulator.faults.push({ path: 'chat.postMessage', kind: 'reset-after-effect', times: 1 });
  const ref = await chat.postApproval(card(), owner);
  assert.equal(roots().length, 1);
  assert.equal(roots()[0]?.ts, ref.messageTs);
});

test('a connection cut before Slack stored anything is an error to retry, and the retry posts one', async () => {
  simulator.faults.push({ path: 'chat.postMessage', kind: 'reset-before-answer', times: 1 });
  await assert.rejects(chat.postApproval(card(), owner), fails('unavailable', /chat\.postMessage/));
  assert.equal(simulator.faults.length, 0);
  assert.equal(roots().length, 0, 'a write is never repeated blindly');
  await chat.postApproval(card(), owner);
  assert.equal(roots().length, 1);
});

test('a rate limit becomes "come back in so many seconds"', async () => {
  simulator.faults.push({ path: 'chat.postMessage', kind: 'rate-limited', retryAfter: 7, times: 1 });
  await assert.rejects(
    chat.postApproval(card(), owner),
    (e: unknown) => isProviderError(e, 'retry-after') && e.retryAfterMs === 7000,
  );
});

test('errors say what to do about them', async () => {
  const slow = { path: 'chat.postMessage', kind: 'hang', ms: 1500, times: 1 } as const;
  const cases: [Parameters<typeof simulator.faults.push>[0], ProviderErrorKind, RegExp][] = [
    [
      { path: 'chat.postMessage', kind: 'status', status: 200, responseBody: '{"ok":false,"error":"invalid_auth"}' },
      'unauthorised',
      /slack\.botToken/,
    ],
    [
      {
        path: 'chat.postMessage',
        kind: 'status',
        status: 200,
        responseBody: '{"ok":false,"error":"missing_scope","needed":"chat:write"}',
      },
      'unauthorised',
      /chat:write/,
    ],
    [
      { path: 'chat.postMessage', kind: 'status', status: 200, responseBody: '{"ok":false,"error":"brand_new_error"}' },
      'terminal',
      /brand_new_error/,
    ],
    [{ path: 'chat.postMessage', kind: 'status', status: 200, responseBody: '{"ok":true}' }, 'malformed', /"channel"/],
    [{ path: 'chat.postMessage', kind: 'status', status: 503 }, 'unavailable', /503/],
    [{ path: 'chat.postMessage', kind: 'html-error', times: 1 }, 'unavailable', /./],
    [slow, 'unavailable', /./],
  ];
  for (const [fault, kind, pattern] of cases) {
    simulator.faults.splice(0, Infinity, { times: 1, ...fault });
    await assert.rejects(chat.postApproval(card(), owner), fails(kind, pattern), JSON.stringify(fault));
  }
  assert.equal(roots().length, 0);
});

test('no foreign text becomes a mention, a link or hidden characters', async () => {
  const evil = '<!channel> <@U0ANA> <https://evil.example|click> & *bold* `x` \u202egnp\u200b';
  const option = {
    ...card().options[0],
    label: evil,
    savingNote: evil,
    steps: [evil],
    rollback: evil,
    command: evil,
    terraform: evil,
  };
  await chat.postApproval(
    card({
      assetName: evil,
      assetKey: evil,
      accountName: evil,
      region: evil,
      environment: evil,
      owner: evil,
      monthlyCost: evil,
      verdictLine: evil,
      options: [option as never, { ...option, blockers: [evil], optionId: 'resize-instance' } as never],
      risk: { score: 1, level: 'low', reasonCodes: [evil], questions: [evil], summary: evil, assessor: 'rules+model' },
      ticket: { system: 's', id: '1', number: evil, url: 'https://t.example/?a=1|2>3' },
      runUrl: 'javascript:alert(1)',
    }),
    { ownerSubject: evil },
  );
  for (const message of simulator.world.messages) {
    const texts = [
      message.text,
      ...everyText(message.blocks.filter((b) => b.type !== 'rich_text' && b.type !== 'header')),
    ];
    for (const block of message.blocks as JsonObject[])
      if (block.type === 'rich_text') assert.doesNotMatch(JSON.stringify(block), /"type":"(user|broadcast|link)"/);
    const marked = texts.filter((t) => /<(?!!date\^|https:\/\/t\.example)/.test(t));
    const buttons = everyText(message.blocks.flatMap((b) => (b.accessory ? [b.accessory] : [])));
    assert.deepEqual(
      marked.filter((t) => !buttons.includes(t)),
      [],
      'only plain_text may hold a bare "<"',
    );
    assert.doesNotMatch(JSON.stringify(message), /[\u202e\u200b]|javascript:/);
  }
});

test('the longest card that can come still fits what Slack accepts', async () => {
  const long = 'x&<>'.repeat(2000);
  const option = {
    ...card().options[0],
    label: long,
    savingNote: long,
    steps: [long, long],
    rollback: long,
    command: `${long}\n${long}`,
    terraform: long,
    blockers: [] as string[],
  };
  const ids = ['stop-instance', 'snapshot-and-terminate-instance', 'resize-instance'] as const;
  const options = ids.map((optionId) => ({ ...option, optionId })) as never;
  const risk = {
    score: 99,
    level: 'critical' as const,
    reasonCodes: Array.from({ length: 50 }, () => long),
    questions: [long, long, long, long],
    summary: long,
    assessor: 'rules+model' as const,
  };
  await chat.postApproval(
    card({ assetName: long, assetKey: long, owner: long, verdictLine: long, options, risk }),
    owner,
  );
  assert.equal(roots().length, 1);
});

test('an option that could not run says why and has no button; two approvers are announced', async () => {
  const [stop, terminate] = card().options as [never, never];
  await chat.postApproval(
    card({ options: [{ ...(stop as object), blockers: ['stop protection is on'] } as never, terminate] }),
    owner,
  );
  const text = JSON.stringify(roots()[0]?.blocks);
  assert.match(text, /stop protection is on/);
  assert.doesNotMatch(text, /opt_approve_stop-instance/);
  assert.match(text, /opt_approve_snapshot-and-terminate-instance/);
  assert.match(text, /needs 2 approvers/);
});

test('only an owner Slack confirms is mentioned', async () => {
  const mentioned = async (subject: string, approvalId: string) => {
    const ref = await chat.postApproval(card({ approvalId }), { ownerSubject: subject });
    return JSON.stringify(simulator.world.find(ref.channel, ref.messageTs)?.blocks).match(/<@(\w+)>/)?.[1] ?? null;
  };
  assert.equal(await mentioned('ana@acme.example', 'a'), 'U0ANA');
  assert.equal(await mentioned('mallory@acme.example', 'b'), 'U0MAL');
  assert.equal(await mentioned('gus@acme.example', 'c'), null, 'deactivated');
  assert.equal(await mentioned('deploybot@acme.example', 'd'), null, 'a bot');
  assert.equal(await mentioned('nobody@acme.example', 'e'), null);
  assert.equal(await mentioned('team-web', 'f'), null, 'a group');
});

test('the decision takes the place of the buttons, as often as it is said', async () => {
  const ref = await chat.postApproval(card(), owner);
  const verdict = { headline: 'Approved by Ana <!here>', detail: 'Secure stop, 10:31 UTC' };
  await chat.replaceWithDecision(ref, verdict);
  await chat.replaceWithDecision(ref, verdict);
  const blocks = simulator.world.find(ref.channel, ref.messageTs)?.blocks ?? [];
  assert.ok(!blocks.some((b) => b.type === 'actions' || b.accessory));
  const text = JSON.stringify(blocks);
  assert.equal(text.split('Approved by Ana').length, 2);
  assert.ok(!text.includes('<!here>'));
  assert.match(text, /web-idle-3/, 'what was asked stays readable');
});

test('the decision on a message somebody deleted is posted instead, once', async () => {
  const ref = await chat.postApproval(card(), owner);
  simulator.world.messages.splice(0);
  const verdict = { headline: 'Rejected by Ben', detail: 'still needed' };
  await chat.replaceWithDecision(ref, verdict);
  await chat.replaceWithDecision(ref, verdict);
  assert.equal(roots().length, 1);
  assert.match(roots()[0]?.text ?? '', /Rejected by Ben/);
});

test('a line goes into the thread once per marker', async () => {
  const ref = await chat.postApproval(card(), owner);
  for (const marker of ['m1', 'm1', 'm2']) await chat.postToThread(ref, { marker, text: `step ${marker} <!channel>` });
  const lines = simulator.world.messages.filter((m) => m.threadTs === ref.messageTs && m.text.startsWith('step'));
  assert.deepEqual(
    lines.map((m) => m.text),
    ['step m1 &lt;!channel&gt;', 'step m2 &lt;!channel&gt;'],
  );
});

test('check names the workspace, and refuses a token of another one or a channel given by name', async () => {
  assert.match(await chat.check(), new RegExp(`Acme, channel ${CHANNEL}`));
  const other = await createSlackChat({
    config: { ...slackConfig(apiUrl), teamId: 'T0ELSE' },
    secrets: slackSecrets,
    directory: chatDirectory,
  });
  await assert.rejects(other.check(), fails('unauthorised', /slack\.teamId/));
  const byName = createSlackChat({
    config: { ...slackConfig(apiUrl), channel: '#savings' },
    secrets: slackSecrets,
    directory: chatDirectory,
  });
  await assert.rejects(byName, /slack\.channel: found "#savings"; give the channel id/);
});

test('the token never appears in an error', async () => {
  simulator.faults.push({ path: 'chat.postMessage', kind: 'reset-before-answer', times: 1 });
  await assert.rejects(
    chat.postApproval(card(), owner),
    (error: Error) => !`${error.stack}${JSON.stringify(error)}`.includes(BOT_TOKEN),
  );
});
