import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';
import type { Tenant } from './tenant.ts';
import type { TeamsWorld } from './world.ts';

const TYPES: Record<string, string> = {
  'index.html': 'text/html; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
  'app.mjs': 'text/javascript; charset=utf-8',
  'card.mjs': 'text/javascript; charset=utf-8',
  'messages.mjs': 'text/javascript; charset=utf-8',
  'dom.mjs': 'text/javascript; charset=utf-8',
};

/**
 * The channel as a person sees it: `GET /?channel=19:…`, fed by `GET /__sim/state`. Its buttons post to `/__sim/interact`, so
 * what a test does and what a person does is the same.
 */
export function servePage(app: Hono, world: TeamsWorld, tenant: Tenant): void {
  app.get('/', (c) => file(c, 'index.html'));
  app.get('/page/:name', (c) => file(c, c.req.param('name')));

  app.get('/__sim/state', (c) => {
    const as = c.req.query('as') ?? '';
    const channel = c.req.query('channel') || world.seed.channels[0]?.id || '';
    const person = (u: (typeof world.seed.users)[number]) => [u.id, { name: u.name, title: u.title ?? '' }];
    return c.json({
      tenant: { name: tenant.tenantName, appName: tenant.appName },
      channel,
      channels: world.seed.channels,
      people: Object.fromEntries(world.seed.users.map(person)),
      actors: world.seed.users.filter((u) => u.canActInPage).map((u) => u.id),
      messages: world.messages.filter((m) => m.conversation === channel).map(({ earlier: _, ...shown }) => shown),
      notes: world.notes.filter((n) => n.user === as),
    });
  });

  /** What a person would do by deleting a message in Teams. */
  app.post('/__sim/delete-message', async (c) => {
    const { id } = (await c.req.json()) as { id: string };
    return c.json({ deleted: world.remove(id) });
  });
}

function file(
  c: { body(data: string, status: 200 | 404, headers: Record<string, string>): Response },
  name: string,
): Response {
  const type = TYPES[name];
  if (!type) return c.body('not found', 404, { 'content-type': 'text/plain' });
  // Both chat pages build their elements with the same few functions.
  const folder = name === 'dom.mjs' ? '../slack/page' : './page';
  return c.body(readFileSync(new URL(`${folder}/${name}`, import.meta.url), 'utf8'), 200, {
    'content-type': type,
    'cache-control': 'no-cache',
  });
}
