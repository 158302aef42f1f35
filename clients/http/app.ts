import { Hono } from 'hono';
import { z } from 'zod';
import type { Config } from '../../config/schema.ts';
import { sha256 } from '../../schemas/digest.ts';
import { HandoverState } from '../../ports/routing.ts';
import { resultKey } from '../../providers/routing/webhook/index.ts';
import { SIGNATURE_HEADER, signatureFault, TIMESTAMP_HEADER } from '../../providers/routing/webhook/signature.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { CacheStore } from '../../ports/store.ts';
import { type JiraHookDeps, receiveJiraHook } from './jira-hook.ts';
import { once } from './once.ts';

export interface HttpAppDeps {
  readonly config: Config;
  readonly secrets: SecretsPort;
  readonly cache: CacheStore;
  readonly audit: AuditLog;
  /** Looks at a ticket at once instead of at the next poll. */
  readonly wakeTicket: JiraHookDeps['wake'];
  readonly clock?: () => number;
}

const BODY_LIMIT = 256 * 1024;
const KEPT_MS = 90 * 86_400_000;

const Result = z.object({
  handoverId: z.string().regex(/^idw-[0-9a-f]{32}$/, 'must be the handoverId of the request'),
  state: z.enum(HandoverState),
  url: z.url().nullable().default(null),
});

/**
 * What other systems call: results of routed changes, and tickets that changed. Everything is signed; what is not genuine
 * is refused with one word and written to the trail. Nothing here can approve anything.
 */
export function createHttpApp(deps: HttpAppDeps): Hono {
  const { config, secrets, cache, audit, clock = Date.now } = deps;
  const app = new Hono();
  const refuse = async (reason: string, body: string): Promise<{ error: string }> => {
    const eventId = `http-refused/${sha256(`${reason}\n${body}`).slice(0, 32)}/${Math.floor(clock() / 1000)}`;
    await audit.append({
      stream: 'auth',
      eventId,
      type: 'SECURITY',
      at: new Date(clock()).toISOString(),
      actor: { kind: 'service', id: 'http' },
      subject: 'webhook',
      payload: { reason, bodyDigest: sha256(body) },
    });
    return { error: reason };
  };

  const stateOf = async (handoverId: string): Promise<string | undefined> =>
    ((await cache.get(resultKey(handoverId))) as { state?: string } | null)?.state;

  app.get('/healthz', (c) => c.json({ ok: true }));

  app.post('/hooks/routing', async (c) => {
    const section = config.routing.webhook;
    if (!section) return c.json({ error: 'not-configured' }, 404);
    const body = await c.req.text();
    if (body.length > BODY_LIMIT) return c.json(await refuse('too-large', ''), 413);
    const timestamp = c.req.header(TIMESTAMP_HEADER) ?? '';
    const signature = c.req.header(SIGNATURE_HEADER) ?? '';
    const secret = await secrets.resolve(section.signingSecret);
    const fault = signatureFault({ secret, timestamp, signature, body }, clock());
    if (fault) return c.json(await refuse(fault, body), 401);
    const parsed = Result.safeParse(parseJson(body));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return c.json({ error: `${issue?.path.join('.') || '(body)'}: ${issue?.message}` }, 400);
    }
    const { handoverId, state, url } = parsed.data;
    // One answer of a handover at a time, and the first end counts: a pipeline does not succeed after it has failed.
    const kept = await once(
      { cache, clock, key: `routing-hook/${handoverId}`, keepMs: KEPT_MS, seen: isEnd },
      async () => {
        const known = await stateOf(handoverId);
        if (isEnd(known)) return known;
        await cache.put(resultKey(handoverId), { state, url }, new Date(clock() + KEPT_MS).toISOString());
        return state;
      },
    );
    if (kept.state === 'running') return c.json({ error: 'being-handled' }, 409);
    return c.json({ accepted: true, state: kept.state === 'handled' ? kept.value : await stateOf(handoverId) });
  });

  app.post('/hooks/jira', async (c) => {
    const body = await c.req.text();
    if (body.length > BODY_LIMIT) return c.json(await refuse('too-large', ''), 413);
    const answer = await receiveJiraHook(
      { config, secrets, cache, wake: deps.wakeTicket, clock },
      {
        body,
        signature: c.req.header('x-hub-signature') ?? '',
        delivery: c.req.header('x-atlassian-webhook-identifier') ?? '',
      },
    );
    return answer.status === 401
      ? c.json(await refuse(answer.reason, body), 401)
      : c.json({ state: answer.reason }, answer.status);
  });
  return app;
}

const isEnd = (state: string | undefined): boolean => state !== undefined && !['pending', 'running'].includes(state);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
