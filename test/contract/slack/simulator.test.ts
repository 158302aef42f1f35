import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LogLevel, WebAPIPlatformError, WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import { createSlackSimulator, type SlackSimulatorOptions } from '../../../sandbox/slack/index.ts';

const CHANNEL = 'C0IDLEWISE';

/** The vendor's own client against our simulator: it shares no idea of ours about the protocol. */
async function withSimulator(
  settings: Partial<SlackSimulatorOptions>,
  run: (bench: { web: WebClient; url: string; simulator: ReturnType<typeof createSlackSimulator> }) => Promise<void>,
): Promise<void> {
  const simulator = createSlackSimulator({ signingSecret: 's', ...settings });
  const url = await simulator.start();
  const web = new WebClient('xoxb-test', {
    slackApiUrl: `${url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });
  try {
    await run({ web, url, simulator });
  } finally {
    await simulator.stop();
  }
}

const code = (expected: string) => (error: unknown) =>
  error instanceof WebAPIPlatformError && error.data.error === expected;

test('posts, edits, threads and history keep their order, metadata and text timestamps', () =>
  withSimulator({}, async ({ web }) => {
    const metadata = { event_type: 'x', event_payload: { n: 1 } };
    const first = await web.chat.postMessage({ channel: CHANNEL, text: 'one', metadata });
    const second = await web.chat.postMessage({ channel: CHANNEL, text: 'two' });
    await web.chat.postMessage({ channel: CHANNEL, text: 'reply', thread_ts: first.ts as string });
    await web.chat.update({ channel: CHANNEL, ts: first.ts as string, text: 'one, edited' });
    assert.match(String(first.ts), /^\d{10}\.\d{6}$/);
    assert.ok(String(second.ts) > String(first.ts));
    const history = await web.conversations.history({ channel: CHANNEL, include_all_metadata: true });
    assert.deepEqual(
      history.messages?.map((m) => m.text),
      ['two', 'one, edited'],
    );
    assert.deepEqual(history.messages?.[1]?.metadata, metadata);
    const plain = await web.conversations.history({ channel: CHANNEL, limit: 1 });
    assert.equal(plain.has_more, true);
    assert.equal(plain.messages?.[0]?.metadata, undefined);
    const thread = await web.conversations.replies({ channel: CHANNEL, ts: first.ts as string });
    assert.deepEqual(
      thread.messages?.map((m) => m.text),
      ['one, edited', 'reply'],
    );
  }));

test('mistakes come back as Slack words them', () =>
  withSimulator({ options: { botToken: 'xoxb-test' } }, async ({ web, url }) => {
    await assert.rejects(web.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' }), code('channel_not_found'));
    await assert.rejects(web.apiCall('chat.postMessage', { channel: CHANNEL }), code('no_text'));
    await assert.rejects(web.chat.update({ channel: CHANNEL, ts: '1.2', text: 'x' }), code('message_not_found'));
    const header = [{ type: 'header' as const, text: { type: 'plain_text' as const, text: 'x'.repeat(151) } }];
    await assert.rejects(web.chat.postMessage({ channel: CHANNEL, text: 'x', blocks: header }), code('invalid_blocks'));
    await assert.rejects(web.users.lookupByEmail({ email: 'no@acme.example' }), code('users_not_found'));
    await assert.rejects(web.usergroups.users.list({ usergroup: 'S0NONE' }), code('no_such_subteam'));
    await assert.rejects(new WebClient('xoxb-bad', { slackApiUrl: `${url}/api/` }).auth.test(), code('invalid_auth'));
    assert.deepEqual(await (await fetch(`${url}/api/auth.test`, { method: 'POST' })).json(), {
      ok: false,
      error: 'not_authed',
    });
  }));

test('a JSON body is understood like a form', () =>
  withSimulator({}, async ({ url }) => {
    const answer = await fetch(`${url}/api/chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', authorization: 'Bearer xoxb-test' },
      body: JSON.stringify({ channel: CHANNEL, text: 'hello', blocks: [{ type: 'divider' }] }),
    });
    assert.equal(((await answer.json()) as { ok: boolean }).ok, true);
  }));

test('a busy channel is limited with Retry-After', () =>
  withSimulator({ options: { postsPerSecond: 1 } }, async ({ web }) => {
    const post = () => web.chat.postMessage({ channel: CHANNEL, text: 'x' });
    await Promise.all([post(), post(), post()]);
    await assert.rejects(post(), (e: unknown) => e instanceof WebAPIRateLimitedError && e.retryAfter === 1);
  }));

test('a trigger opens one view and dies after three seconds; a response URL works five times', async () => {
  let now = 1_800_000_000_000;
  await withSimulator({ options: { now: () => now } }, async ({ web, simulator, url }) => {
    const blocks = [
      {
        type: 'actions' as const,
        elements: [{ type: 'button' as const, action_id: 'a', text: { type: 'plain_text' as const, text: 'A' } }],
      },
    ];
    const posted = await web.chat.postMessage({ channel: CHANNEL, text: 'x', blocks });
    const view = {
      type: 'modal' as const,
      title: { type: 'plain_text' as const, text: 'T' },
      blocks: [{ type: 'divider' as const }],
    };
    const interact = async () => {
      const body = JSON.stringify({ user: 'ana', channel: CHANNEL, messageTs: posted.ts, actionId: 'a' });
      await fetch(`${url}/__sim/interact`, { method: 'POST', body });
      const log = (await (await fetch(`${url}/__sim/deliveries`)).json()) as { body: string }[];
      return JSON.parse(new URLSearchParams(log.at(-1)?.body).get('payload') as string) as {
        trigger_id: string;
        response_url: string;
      };
    };
    const first = await interact();
    await web.views.open({ trigger_id: first.trigger_id, view });
    assert.equal(simulator.world.views.size, 1);
    await assert.rejects(web.views.open({ trigger_id: first.trigger_id, view }), code('invalid_trigger_id'));
    const late = await interact();
    now += 3001;
    await assert.rejects(web.views.open({ trigger_id: late.trigger_id, view }), code('expired_trigger_id'));
    const statuses = [];
    for (let i = 0; i < 6; i += 1)
      statuses.push((await fetch(late.response_url, { method: 'POST', body: JSON.stringify({ text: 'x' }) })).status);
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 404]);
  });
});

test('messages outlive a restart and new timestamps stay ahead of the old', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'idlewise-slack-'));
  const stateFile = join(folder, 'state', 'slack.json');
  try {
    let ts = '';
    await withSimulator({ stateFile, options: { now: () => 1_900_000_000_000 } }, async ({ web }) => {
      ts = String((await web.chat.postMessage({ channel: CHANNEL, text: 'before' })).ts);
    });
    await withSimulator({ stateFile, options: { now: () => 1_800_000_000_000 } }, async ({ web }) => {
      const after = await web.chat.postMessage({ channel: CHANNEL, text: 'after' });
      assert.ok(String(after.ts) > ts);
      const history = await web.conversations.history({ channel: CHANNEL });
      assert.deepEqual(
        history.messages?.map((m) => m.text),
        ['after', 'before'],
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
