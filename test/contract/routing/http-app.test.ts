import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { serve } from '@hono/node-server';
import { createHttpApp } from '../../../clients/http/app.ts';
import { parseConfig } from '../../../config/load.ts';
import { createWebhookRouting } from '../../../providers/routing/webhook/index.ts';
import {
  SIGNATURE_HEADER,
  sign,
  signatureFault,
  TIMESTAMP_HEADER,
} from '../../../providers/routing/webhook/signature.ts';
import { createSimulator } from '../../../sandbox/kit/simulator.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import { memoryAudit } from '../../helpers/memory-records.ts';

const SECRET = 'shared-secret';
const JIRA_SECRET = 'jira-secret';
const ID = `idw-${'a'.repeat(32)}`;
const receiver = createSimulator('receiver');
const got: { body: string; signature: string; timestamp: string; key: string }[] = [];
receiver.app.post('/in', async (c) => {
  got.push({
    body: await c.req.text(),
    signature: c.req.header(SIGNATURE_HEADER) ?? '',
    timestamp: c.req.header(TIMESTAMP_HEADER) ?? '',
    key: c.req.header('idempotency-key') ?? '',
  });
  return c.body(null, 202);
});

const cache = memoryCache();
const audit = memoryAudit();
const woken: string[] = [];
/** What happens before a ticket is read. */
let trouble: () => Promise<void> = async () => {};
let now = Date.now();
let url = '';
let server: ReturnType<typeof serve>;
let routing: ReturnType<typeof createWebhookRouting>;
const secrets = { resolve: async (ref: string) => (ref === 'env:JIRA_HOOK' ? JIRA_SECRET : SECRET) };

before(async () => {
  const receiverUrl = await receiver.start();
  const example = readFileSync(new URL('../../../config/example.yaml', import.meta.url), 'utf8');
  const config = parseConfig(example, 'config/example.yaml');
  config.routing = {
    ...config.routing,
    vendor: 'webhook',
    webhook: { url: `${receiverUrl}/in`, signingSecret: 'env:ROUTING' },
  };
  config.tickets = {
    vendor: 'jira',
    jira: { ...config.tickets.jira, webhookSecret: 'env:JIRA_HOOK' } as NonNullable<typeof config.tickets.jira>,
  };
  routing = createWebhookRouting({ config: config.routing.webhook as never, secrets, cache, timeoutMs: 2000 });
  const app = createHttpApp({
    config,
    secrets,
    cache,
    audit,
    clock: () => now,
    wakeTicket: async (ticketId) => {
      await trouble();
      woken.push(ticketId);
      return 'told';
    },
  });
  await new Promise<void>((resolve) => {
    server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info) => {
      url = `http://127.0.0.1:${info.port}`;
      resolve();
    });
  });
});
after(async () => {
  server.close();
  await receiver.stop();
});

const result = (body: string, over: { secret?: string; timestamp?: string; signature?: string } = {}) => {
  const timestamp = over.timestamp ?? String(Math.floor(now / 1000));
  const signature = over.signature ?? sign(over.secret ?? SECRET, timestamp, body);
  return fetch(`${url}/hooks/routing`, {
    method: 'POST',
    body,
    headers: { [TIMESTAMP_HEADER]: timestamp, [SIGNATURE_HEADER]: signature },
  });
};
const ended = (state: string) => JSON.stringify({ handoverId: ID, state, url: 'https://ci.example/1' });

describe('a webhook that takes changes', () => {
  it('is sent one signed request, with a key by which it can tell a repeat', async () => {
    await routing.send({
      version: 1,
      handoverId: ID,
      kind: 'change',
      step: 'apply',
      remediationId: 'r',
      planDigest: 'd',
      decisionId: 'x',
      assetKey: 'a',
      accountId: '111111111111',
      region: 'eu-west-1',
      action: 'stop-instance',
      parameters: {},
      stateDigest: 's',
      at: '2026-01-01T00:00:00.000Z',
    });
    const [first] = got;
    assert.ok(first);
    assert.equal(first.key, ID);
    const genuine = { secret: SECRET, timestamp: first.timestamp, signature: first.signature, body: first.body };
    assert.equal(signatureFault(genuine, Date.now()), null);
    assert.equal(signatureFault({ ...genuine, body: `${first.body} ` }, Date.now()), 'bad-signature');
    assert.deepEqual(await routing.find(ID), { state: 'pending', url: null });
  });

  it('a forged, altered or stale result changes nothing and is in the trail', async () => {
    for (const [answer, reason] of [
      [await result(ended('succeeded'), { secret: 'other' }), 'bad-signature'],
      [await result(ended('succeeded'), { signature: 'v1=' }), 'bad-signature'],
      [await result(ended('succeeded'), { timestamp: String(Math.floor(now / 1000) - 900) }), 'stale-timestamp'],
    ] as const) {
      assert.deepEqual([answer.status, ((await answer.json()) as { error: string }).error], [401, reason]);
    }
    assert.equal((await routing.find(ID))?.state, 'pending');
    assert.ok(audit.entries.filter((e) => e.type === 'SECURITY').length >= 2);
  });

  it('a result in words nobody agreed on is refused with the field', async () => {
    const answer = await result(ended('great'));
    assert.equal(answer.status, 400);
    assert.match(((await answer.json()) as { error: string }).error, /^state: /);
  });

  it('the first end counts: a failed pipeline does not succeed afterwards', async () => {
    assert.equal((await result(ended('running'))).status, 200);
    assert.equal((await result(ended('failed'))).status, 200);
    assert.equal((await result(ended('succeeded'))).status, 200);
    assert.deepEqual(await routing.find(ID), { state: 'failed', url: 'https://ci.example/1' });
  });

  it('of contradictory ends at once one counts, and the other sender is told so or asked to come again', async () => {
    const other = `idw-${'b'.repeat(32)}`;
    const end = (state: string) => result(JSON.stringify({ handoverId: other, state, url: null }));
    const answers = await Promise.all(['failed', 'succeeded', 'failed', 'succeeded'].map(end));
    const kept = (await routing.find(other))?.state;
    assert.ok(answers.some((a) => a.status === 200));
    for (const answer of answers.filter((a) => a.status === 200))
      assert.equal(((await answer.json()) as { state: string }).state, kept);
    for (const answer of answers) assert.ok([200, 409].includes(answer.status));
    assert.equal(((await (await end('running')).json()) as { state: string }).state, kept);
  });
});

describe('webhooks of Jira', () => {
  const hook = (body: string, over: { secret?: string; delivery?: string } = {}) =>
    fetch(`${url}/hooks/jira`, {
      method: 'POST',
      body,
      headers: {
        'x-hub-signature': `sha256=${createHmac('sha256', over.secret ?? JIRA_SECRET)
          .update(body)
          .digest('hex')}`,
        'x-atlassian-webhook-identifier': over.delivery ?? 'delivery-1',
      },
    });
  const updated = JSON.stringify({
    webhookEvent: 'jira:issue_updated',
    issue: { id: '10001', key: 'OPS-7', fields: {} },
  });

  it('a genuine one makes the ticket be read; its repeats do nothing', async () => {
    assert.deepEqual(await (await hook(updated)).json(), { state: 'told' });
    assert.deepEqual(await (await hook(updated)).json(), { state: 'repeated' });
    assert.deepEqual(woken, ['10001']);
  });

  it('one that could not be handled counts as not seen: the next attempt is handled, and the one after is a repeat', async () => {
    const before = woken.length;
    trouble = () => Promise.reject(new Error('the tickets do not answer'));
    assert.equal((await hook(updated, { delivery: 'delivery-9' })).status, 500);
    trouble = async () => {};
    assert.deepEqual(await (await hook(updated, { delivery: 'delivery-9' })).json(), { state: 'told' });
    assert.deepEqual(await (await hook(updated, { delivery: 'delivery-9' })).json(), { state: 'repeated' });
    assert.equal(woken.length, before + 1);
  });

  it('of two copies at once one is handled, and the sender of the other is told to come again', async () => {
    const before = woken.length;
    let go: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    let arrived: () => void = () => {};
    const inside = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    trouble = () => {
      arrived();
      return held;
    };
    const first = hook(updated, { delivery: 'delivery-10' });
    await inside;
    assert.equal((await hook(updated, { delivery: 'delivery-10' })).status, 409);
    go();
    trouble = async () => {};
    assert.equal((await first).status, 200);
    assert.equal(woken.length, before + 1);
  });

  it('a process that died with one leaves it to the next attempt, once its lease has run out', async () => {
    const lease = new Date(Date.now() + 30).toISOString();
    assert.equal((await cache.claim('jira-hook/delivery-11', lease)).state, 'taken');
    assert.equal((await hook(updated, { delivery: 'delivery-11' })).status, 409);
    while (Date.now() <= Date.parse(lease)) await new Promise((r) => setTimeout(r, 5));
    assert.deepEqual(await (await hook(updated, { delivery: 'delivery-11' })).json(), { state: 'told' });
  });

  it('a forged one is refused', async () => {
    const before = woken.length;
    const answer = await hook(updated, { secret: 'guess', delivery: 'delivery-2' });
    assert.equal(answer.status, 401);
    assert.equal(woken.length, before);
  });

  it('one without an issue is told what is missing', async () => {
    const answer = await hook('{"webhookEvent":"x"}', { delivery: 'delivery-3' });
    assert.equal(answer.status, 400);
    now += 1;
  });
});
