import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Config } from '../../config/schema.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import type { CacheStore } from '../../ports/store.ts';
import { once } from './once.ts';

export interface JiraHookDeps {
  readonly config: Config;
  readonly secrets: SecretsPort;
  readonly cache: CacheStore;
  /** Reads the ticket and tells its run when it has ended; says whether anything waited for it. */
  readonly wake: (ticketId: string) => Promise<'told' | 'still-open' | 'nobody-waits'>;
  readonly clock: () => number;
}

export interface JiraHook {
  readonly body: string;
  /** Header `X-Hub-Signature`. */
  readonly signature: string;
  /** Header `X-Atlassian-Webhook-Identifier`: the same for every repeat of one delivery. */
  readonly delivery: string;
}

/** Deliveries are repeated for hours, never for days. */
const REMEMBERED_MS = 3 * 86_400_000;
const Event = z.looseObject({ issue: z.looseObject({ id: z.string().min(1) }) });

/**
 * One signed webhook of Jira. Nothing in it is believed but the id of the issue, which is then read by the API: a ticket
 * somebody ended cancels the wait at once instead of at the next look, and none can ever approve.
 */
export async function receiveJiraHook(
  deps: JiraHookDeps,
  hook: JiraHook,
): Promise<{ readonly status: 200 | 400 | 401 | 404 | 409; readonly reason: string }> {
  const secretRef = deps.config.tickets.jira?.webhookSecret;
  if (deps.config.tickets.vendor !== 'jira' || secretRef === undefined)
    return { status: 404, reason: 'not-configured' };
  if (!genuine(await deps.secrets.resolve(secretRef), hook)) return { status: 401, reason: 'bad-signature' };
  const parsed = Event.safeParse(parseJson(hook.body));
  if (!parsed.success) return { status: 400, reason: 'issue.id: is missing, it must be the id of the issue' };
  const handle = () => deps.wake(parsed.data.issue.id);
  if (hook.delivery === '') return { status: 200, reason: await handle() };
  const { cache, clock } = deps;
  const told = await once({ cache, clock, key: `jira-hook/${hook.delivery}`, keepMs: REMEMBERED_MS }, handle);
  switch (told.state) {
    case 'handled':
      return { status: 200, reason: told.value };
    case 'done':
      return { status: 200, reason: 'repeated' };
    case 'running':
      // Jira sends again what was answered by 409; whether it has to is known by then.
      return { status: 409, reason: 'being-handled' };
  }
}

function genuine(secret: string, { body, signature }: JiraHook): boolean {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
