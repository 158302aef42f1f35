import type { Context, Hono } from 'hono';
import { olderShape } from './alerts.ts';
import { assetUniqueId, iso, uuid } from './ids.ts';
import { type PageOptions, slice } from './pages.ts';
import { listOf } from './query.ts';
import type { OrcaState } from './state.ts';
import type { World } from './world.ts';

const FIELDS = new Set(['asset_unique_id', 'state.status']);

/** The older alert interface: the query, comments, and the log of what happened to an alert. */
export function addAlertRoutes(
  app: Hono,
  parts: {
    readonly world: World;
    readonly state: OrcaState;
    readonly pages: PageOptions;
    readonly clock: () => number;
  },
): void {
  const { world, state, pages, clock } = parts;

  app.get('/api/query/alerts', (c) => answerAlerts(c, world, pages));

  app.get('/api/alerts/:id/event_log', (c) => {
    const id = c.req.param('id');
    if (!world.alerts().some((alert) => alert.id === id)) return unknownAlert(c);
    const start = Number(c.req.query('start_at_index') ?? 0);
    const limit = Number(c.req.query('limit') ?? 100);
    const comments = c.req.query('type') === 'comment' ? (state.comments[id] ?? []) : [];
    const event_log = comments.slice(start, start + limit).map((entry) => ({
      id: entry.id,
      type: 'comment',
      created_at: entry.createdAt,
      details: { description: entry.comment },
    }));
    return c.json({ status: 'success', event_log });
  });

  app.put('/api/alerts/:id/comment', async (c) => {
    const id = c.req.param('id');
    if (!world.alerts().some((alert) => alert.id === id)) return unknownAlert(c);
    const { comment } = (await c.req.json()) as { comment?: string };
    if (typeof comment !== 'string' || comment === '') return c.json({ status: 'failure', error: 'comment' }, 400);
    const comments = (state.comments[id] ??= []);
    const serial = uuid(world.estate.seed, `comment/${id}/${comments.length}`);
    comments.push({ id: serial, comment, createdAt: iso(clock()) });
    state.save();
    return c.json({ status: 'success', data: { alert_id: id } });
  });
}

const unknownAlert = (c: Context) => c.json({ status: 'failure', error: 'Alert not found' }, 404);

/** The filter is JSON text in the query, as in the vendor's public clients. */
function answerAlerts(c: Context, world: World, pages: PageOptions): Response {
  const asked = c.req.query();
  const dsl = JSON.parse(asked['dsl_filter'] ?? '{}') as Record<string, unknown>;
  const filters = listOf(dsl['filter']) as readonly { field: string; includes?: readonly string[] }[];
  const unknown = filters.find((filter) => !FIELDS.has(filter.field));
  if (unknown) return c.json({ status: 'failure', error: `Unknown field '${unknown.field}'` }, 400);
  const statuses = asked['show_all_statuses_alerts'] === 'true' ? null : ['open', 'in_progress'];
  const wanted = world.alerts().filter((alert) => {
    const status = alert.closedAt === null ? 'open' : 'closed';
    const value = { asset_unique_id: assetUniqueId(world.estate, alert.asset), 'state.status': status };
    return (
      filters.every((f) => !f.includes || f.includes.includes(value[f.field as keyof typeof value])) &&
      (statuses === null || statuses.includes(status)) &&
      (asked['show_informational_alerts'] === 'true' || alert.severity !== 'informational')
    );
  });
  const page = slice(wanted, Number(asked['start_at_index'] ?? 0), Number(asked['limit'] ?? 100), pages);
  return c.json({
    version: '0.1.0',
    status: 'success',
    total_items: page.total,
    total_ungrouped_items: page.total,
    total_supported_items: pages.window,
    data: page.rows.map((alert) => olderShape(world.estate, alert)),
    next_page_token: null,
    error: null,
  });
}
