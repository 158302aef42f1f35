import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { App } from '@microsoft/teams.apps';
import {
  createTeamsSimulator,
  SANDBOX_APP_ID,
  SANDBOX_CONVERSATION,
  SANDBOX_TENANT_ID,
  type TeamsSimulator,
  type TeamsSimulatorOptions,
} from '../../../sandbox/teams/index.ts';
import { ObjectId } from '../../../sandbox/teams/people.ts';
import { adminOf } from '../../helpers/chat.ts';
import { APP_PASSWORD } from './bench.ts';

type Handler = (request: {
  body: unknown;
  headers: Record<string, string>;
}) => Promise<{ status: number; body?: unknown }>;
interface Bench {
  readonly simulator: TeamsSimulator;
  readonly url: string;
  readonly sim: ReturnType<typeof adminOf>;
  token(over?: Record<string, string>): Promise<Response>;
}

const quiet = { error() {}, warn() {}, info() {}, debug() {}, trace() {}, log() {}, child: () => quiet };

async function withSimulator(settings: Partial<TeamsSimulatorOptions>, run: (bench: Bench) => Promise<void>) {
  const simulator = await createTeamsSimulator({ appPassword: APP_PASSWORD, ...settings });
  const url = await simulator.start();
  const token = (over: Record<string, string> = {}) =>
    fetch(`${url}/${SANDBOX_TENANT_ID}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: SANDBOX_APP_ID,
        client_secret: APP_PASSWORD,
        scope: 'https://api.botframework.com/.default',
        ...over,
      }),
    });
  try {
    await run({ simulator, url, sim: adminOf(url), token });
  } finally {
    await simulator.stop();
  }
}

/** The vendor's own SDK against our simulator: it shares no idea of ours about the protocol. */
async function withVendorApp(run: (bench: Bench & { app: App; pressed: unknown[] }) => Promise<void>) {
  let handler: Handler = async () => ({ status: 404 });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void handler({
        body: JSON.parse(Buffer.concat(chunks).toString() || '{}'),
        headers: request.headers as Record<string, string>,
      }).then(({ status, body }) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {})),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const appUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await withSimulator({ appUrl }, async (bench) => {
      const pressed: unknown[] = [];
      const app = new App({
        clientId: SANDBOX_APP_ID,
        tenantId: SANDBOX_TENANT_ID,
        token: async () => ((await (await bench.token()).json()) as { access_token: string }).access_token,
        serviceUrl: `${bench.url}/teams`,
        cloud: {
          loginEndpoint: bench.url,
          loginTenant: SANDBOX_TENANT_ID,
          botScope: 'https://api.botframework.com/.default',
          tokenServiceUrl: bench.url,
          openIdMetadataUrl: `${bench.url}/v1/.well-known/openidconfiguration`,
          tokenIssuer: 'https://api.botframework.com',
          graphScope: 'https://graph.invalid/.default',
        },
        httpServerAdapter: {
          registerRoute: (_method, path, route) => {
            if (path === '/api/messages') handler = route as Handler;
          },
        },
        logger: quiet as never,
      });
      app.on('card.action', async ({ activity }) => {
        pressed.push(activity);
        return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'seen' };
      });
      await app.initialize();
      await run({ ...bench, app, pressed });
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const CARD = {
  type: 'AdaptiveCard',
  version: '1.5',
  body: [
    { type: 'Input.Text', id: 'why' },
    {
      type: 'ActionSet',
      actions: [{ type: 'Action.Execute', id: 'go', title: 'Go', verb: 'go', data: { n: 1 } }],
    },
  ],
} as const;
const activityOf = (content: object) => ({
  type: 'message' as const,
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive' as const, content }],
});

test('the vendor SDK posts, edits and threads, and takes the signed interaction of a button', () =>
  withVendorApp(async ({ app, simulator, sim, pressed }) => {
    const sent = await app.send(SANDBOX_CONVERSATION, activityOf(CARD) as never);
    await app.reply(SANDBOX_CONVERSATION, sent.id, 'a reply');
    const [root, reply] = simulator.world.messages;
    assert.equal(root?.id, sent.id);
    assert.deepEqual([reply?.threadOf, reply?.text], [sent.id, 'a reply']);

    const answer = await sim('interact', {
      user: 'ana',
      messageId: sent.id,
      actionId: 'go',
      inputs: { why: 'because' },
    });
    assert.equal(answer['status'], 200, String(answer['answer']));
    assert.equal(answer['note'], 'seen');
    const [activity] = pressed as {
      from: { aadObjectId: string };
      replyToId: string;
      value: { action: { data: object } };
    }[];
    assert.equal(activity?.from.aadObjectId, ObjectId.ana);
    assert.equal(activity?.replyToId, sent.id);
    assert.deepEqual(activity?.value.action.data, { n: 1, why: 'because' });

    await app.api.conversations.updateActivity(SANDBOX_CONVERSATION, sent.id, {
      type: 'message',
      text: 'edited',
    } as never);
    assert.deepEqual([root?.text, root?.card, root?.edited], ['edited', null, true]);
    const late = await sim('interact', { user: 'ana', messageId: sent.id, actionId: 'go' });
    assert.equal(late['note'], 'seen', 'an old window still shows the button');
    const member = await app.api.conversations.getMemberById(SANDBOX_CONVERSATION, ObjectId.ben);
    assert.deepEqual([member.id, member.aadObjectId, member.userRole], ['29:ben', ObjectId.ben, 'user']);
  }));

test('the vendor SDK refuses what the simulator spoils', () =>
  withVendorApp(async ({ app, sim, pressed }) => {
    const { id } = await app.send(SANDBOX_CONVERSATION, activityOf(CARD) as never);
    const spoiled = [
      { wrongKey: true },
      { unknownKey: true },
      { algorithm: 'none' },
      { algorithm: 'HS256' },
      { omitToken: true },
      { claims: { iss: 'https://evil.example' } },
      { claims: { aud: 'somebody-else' } },
      { claims: { serviceurl: 'https://evil.example/' } },
      { tokenOffset: -7200 },
    ];
    for (const misbehave of spoiled) {
      const { status } = await sim('interact', { user: 'ana', messageId: id, actionId: 'go', misbehave });
      assert.equal(status, 401, JSON.stringify(misbehave));
    }
    assert.deepEqual(pressed, []);
  }));

test('the token endpoint answers as Entra does, and its tokens run out', async () => {
  let now = 1_800_000_000_000;
  await withSimulator({ options: { now: () => now, tokenSeconds: 60 } }, async ({ token, url }) => {
    const wrong = await token({ client_secret: 'wrong' });
    assert.equal(wrong.status, 401);
    assert.equal(((await wrong.json()) as { error: string }).error, 'invalid_client');
    for (const over of [
      { grant_type: 'password' },
      { client_id: 'x' },
      { scope: 'https://graph.microsoft.com/.default' },
    ])
      assert.equal((await token(over as never)).status, 400, JSON.stringify(over));
    const { access_token } = (await (await token()).json()) as { access_token: string };
    const members = () =>
      fetch(`${url}/teams/v3/conversations/${encodeURIComponent(SANDBOX_CONVERSATION)}/pagedMembers`, {
        headers: { authorization: `Bearer ${access_token}` },
      });
    assert.equal((await members()).status, 200);
    now += 61_000;
    assert.equal((await members()).status, 401);
  });
});

test('the connector refuses what Teams would: size, unknown places and elements, and too many posts', () =>
  withSimulator({ options: { postsPerSecond: 1 } }, async ({ token, url }) => {
    const { access_token } = (await (await token()).json()) as { access_token: string };
    const post = (body: unknown, conversation = SANDBOX_CONVERSATION) =>
      fetch(`${url}/teams/v3/conversations/${encodeURIComponent(conversation)}/activities`, {
        method: 'POST',
        headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    assert.equal((await post(activityOf(CARD), '19:elsewhere@thread.tacv2')).status, 403);
    assert.equal((await post(activityOf(CARD), `${SANDBOX_CONVERSATION};messageid=1`)).status, 404);
    assert.equal((await post({ type: 'message', text: 'x'.repeat(30_000) })).status, 413);
    assert.equal((await post(activityOf({ ...CARD, body: [{ type: 'Marquee' }] }))).status, 400);
    assert.equal((await post(activityOf(CARD))).status, 201);
    const answer = await post(activityOf(CARD));
    assert.equal(answer.status, 429);
    assert.ok(Number(answer.headers.get('retry-after')) >= 1);
  }));

test('messages outlive a restart and new ids stay ahead of the old', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'idlewise-teams-'));
  const stateFile = join(folder, 'state', 'teams.json');
  const post = async (simulator: TeamsSimulator, text: string) =>
    simulator.world.post({
      conversation: SANDBOX_CONVERSATION,
      threadOf: null,
      text,
      textFormat: 'plain',
      summary: '',
      card: null,
    }).id;
  try {
    let first = '';
    await withSimulator({ stateFile, options: { now: () => 1_900_000_000_000 } }, async ({ simulator }) => {
      first = await post(simulator, 'before');
    });
    await withSimulator({ stateFile, options: { now: () => 1_800_000_000_000 } }, async ({ simulator }) => {
      assert.ok(Number(await post(simulator, 'after')) > Number(first));
      assert.deepEqual(
        simulator.world.messages.map((m) => m.text),
        ['before', 'after'],
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
