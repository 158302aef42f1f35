import assert from 'node:assert/strict';
import { Chat } from '../../../config/chat.ts';
import { loadConfig } from '../../../config/load.ts';
import type { Config } from '../../../config/schema.ts';
import { Slack } from '../../../providers/chat/slack/section.ts';
import type { ChatPort } from '../../../ports/chat.ts';
import { ProviderError } from '../../../ports/errors.ts';
import { chatFrom } from '../../../compose/registry.ts';
import { createSecrets } from '../../../providers/secrets/create-secrets.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import type { ConfigInput } from '../../../sandbox/kit/part.ts';
import { PARTS } from '../../../sandbox/parts.ts';
import { card } from '../../helpers/chat.ts';
import { memoryCache } from './memory-cache.ts';
import { type After, type Case, runSuite, type Subject, TENANT_CONFIG } from './run-suite.ts';
import { type StartedPart, startPart } from './start-part.ts';

interface ChatSystem {
  readonly chat: ChatPort;
  /** A client that remembers nothing of an earlier one in its process. */
  again(): Promise<ChatPort>;
  readonly lab: StartedPart | null;
}

const TARGET = { ownerSubject: 'ana@acme.example' };

async function embedded(vendor: 'slack' | 'teams', t: After): Promise<ChatSystem> {
  const written = {} as ConfigInput;
  const part = await startPart(t, PARTS[vendor], { estate: buildEstate({ seed: 7 }), config: written });
  const config = {
    directory: { people: [], finopsGroup: 'finops' },
    chat: Chat.parse(written.chat),
    slack: written.slack && Slack.parse(written.slack),
  } as unknown as Config;
  const cache = memoryCache();
  const again = () => chatFrom({ config, secrets: part.secrets, cache });
  return { chat: await again(), again, lab: part };
}

async function tenant(): Promise<ChatSystem> {
  const config = await loadConfig(TENANT_CONFIG ?? undefined);
  const again = () => chatFrom({ config, secrets: createSecrets({ config }), cache: memoryCache() });
  return { chat: await again(), again, lab: null };
}

const SUBJECTS: readonly Subject<ChatSystem>[] = [
  { name: 'slack', start: (t) => embedded('slack', t) },
  { name: 'teams', start: (t) => embedded('teams', t) },
  {
    name: 'real tenant',
    tenant: true,
    start: TENANT_CONFIG === null ? null : tenant,
    why: 'IDLEWISE_CONTRACT_CONFIG names no configuration',
  },
];

/** Requests that changed something, by what was asked. */
function changes(system: ChatSystem): number {
  assert.ok(system.lab);
  return system.lab.simulator.journal
    .entries()
    .filter((e) => /postMessage|activities/.test(e.path) && e.method === 'POST').length;
}

const CASES: readonly Case<ChatSystem>[] = [
  {
    name: 'the check is one sentence',
    tenant: true,
    run: async ({ chat }) => assert.match(await chat.check(), /\S{2,}/),
  },
  {
    name: 'a request is posted once, also by a process that knows nothing of the first',
    run: async (system) => {
      const ref = await system.chat.postApproval(card(), TARGET);
      const before = changes(system);
      assert.deepEqual(await (await system.again()).postApproval(card(), TARGET), ref);
      assert.equal(changes(system), before, 'nothing was posted again');
    },
  },
  {
    name: 'another round is another message',
    run: async ({ chat }) => {
      const first = await chat.postApproval(card(), TARGET);
      assert.notDeepEqual(await chat.postApproval(card({ round: 2 }), TARGET), first);
    },
  },
  {
    name: 'a line with one marker is in the thread once',
    run: async (system) => {
      const ref = await system.chat.postApproval(card(), TARGET);
      await system.chat.postToThread(ref, { marker: 'm-1', text: 'The change began.' });
      const before = changes(system);
      await (await system.again()).postToThread(ref, { marker: 'm-1', text: 'The change began.' });
      assert.equal(changes(system), before);
    },
  },
  {
    name: 'the decision replaces the buttons, and may be told again',
    run: async ({ chat }) => {
      const ref = await chat.postApproval(card(), TARGET);
      const text = { headline: 'Approved: Secure stop', detail: 'Ana Almeida, 12:00 UTC' };
      await chat.replaceWithDecision(ref, text);
      await chat.replaceWithDecision(ref, text);
    },
  },
  {
    name: 'an answer that was lost leaves one message with buttons',
    run: async (system) => {
      assert.ok(system.lab);
      await system.chat.check();
      const path = system.chat.vendor === 'slack' ? 'chat.postMessage' : '/activities';
      system.lab.simulator.faults.push({ kind: 'reset-after-effect', path, times: 1 });
      await system.chat
        .postApproval(card(), TARGET)
        .catch((error: unknown) => assert.ok(error instanceof ProviderError));
      const ref = await (await system.again()).postApproval(card(), TARGET);
      assert.deepEqual(await (await system.again()).postApproval(card(), TARGET), ref);
    },
  },
  {
    name: 'a refusal is unauthorised, and no error says a secret',
    run: async (system) => {
      assert.ok(system.lab);
      const body = '{"ok":false,"error":"invalid_auth"}';
      const status = system.chat.vendor === 'slack' ? 200 : 401;
      system.lab.simulator.faults.push({ kind: 'status', status, responseBody: body, times: 50 });
      const error = await (await system.again()).postApproval(card(), TARGET).catch((e: unknown) => e);
      assert.ok(error instanceof ProviderError, String(error));
      assert.equal(error.kind, 'unauthorised');
      for (const secret of system.lab.secretValues()) assert.ok(!`${error.message}${error.stack}`.includes(secret));
    },
  },
];

runSuite('chat', SUBJECTS, CASES);
