import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';
import type { MethodContext } from './methods.ts';

const TYPES: Record<string, string> = {
  'index.html': 'text/html; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
  'app.mjs': 'text/javascript; charset=utf-8',
  'blocks.mjs': 'text/javascript; charset=utf-8',
  'dialogs.mjs': 'text/javascript; charset=utf-8',
  'dom.mjs': 'text/javascript; charset=utf-8',
  'messages.mjs': 'text/javascript; charset=utf-8',
  'mrkdwn.mjs': 'text/javascript; charset=utf-8',
};

/**
 * The channel as a person sees it: `GET /?channel=C…`, fed by `GET /__sim/state`. Its buttons post to `/__sim/interact`,
 * so what a test does and what a person does is the same.
 */
export function servePage(app: Hono, context: MethodContext): void {
  app.get('/', (c) => file(c, 'index.html'));
  app.get('/page/:name', (c) => file(c, c.req.param('name')));

  app.get('/__sim/state', (c) => {
    const { world, workspace } = context;
    const as = c.req.query('as') ?? '';
    const channel = c.req.query('channel') || world.seed.channels[0]?.id || '';
    const people = Object.fromEntries(
      world.seed.users.map((u) => [u.id, { name: u.realName, handle: u.handle, title: u.title ?? '' }]),
    );
    return c.json({
      workspace: { name: workspace.teamName, appName: workspace.appName, botUserId: workspace.botUserId },
      channel,
      channels: world.seed.channels,
      directMessages: Object.entries(world.directMessages).map(([user, id]) => ({ id, user })),
      people,
      actors: world.seed.users.filter((u) => u.canActInPage).map((u) => u.id),
      usergroups: world.seed.usergroups.map((g) => ({ id: g.id, handle: g.handle })),
      messages: world.messages.filter((m) => m.channel === channel),
      counts: Object.fromEntries(
        world.seed.channels.map((ch) => [
          ch.id,
          world.messages.filter((m) => m.channel === ch.id && !m.threadTs).length,
        ]),
      ),
      ephemerals: world.ephemerals.filter((e) => e.channel === channel && e.user === as),
      view: [...world.views.values()].filter((v) => v.user === as).at(-1) ?? null,
    });
  });

  /** Fixed test aid: what a person would see after deleting a message in Slack. */
  app.post('/__sim/delete-message', async (c) => {
    const { channel, ts } = (await c.req.json()) as { channel: string; ts: string };
    const index = context.world.messages.findIndex((m) => m.channel === channel && m.ts === ts);
    if (index >= 0) context.world.messages.splice(index, 1);
    context.world.save();
    return c.json({ deleted: index >= 0 });
  });
}

function file(
  c: { body(data: string, status: 200 | 404, headers: Record<string, string>): Response },
  name: string,
): Response {
  const type = TYPES[name];
  if (!type) return c.body('not found', 404, { 'content-type': 'text/plain' });
  return c.body(readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8'), 200, {
    'content-type': type,
    'cache-control': 'no-cache',
  });
}
