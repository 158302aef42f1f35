import { type Context, Hono } from 'hono';
import { approvalsFor, changeRow, newChange } from './change-model.ts';
import { type Api, type Env, failure, isHidden, Refused, type World } from './context.ts';
import { columnAt, parseQuery, sorted } from './encoded-query.ts';
import { type RenderOptions, renderRow } from './render.ts';
import { columnsOf } from './schema.ts';
import type { Row, Store } from './store.ts';

/** The Table API under `/api/now[/v1|/v2]/table`. v1 answers 404 for a list without matches. */
export function createTableApi(world: World, version: 'v1' | 'v2'): Api {
  const { store } = world;
  const api = new Hono<Env>();

  api.use('/:table/*', async (c, next) => {
    if (columnsOf(c.req.param('table') ?? '')) return next();
    return failure(c, 400, `Invalid table ${c.req.param('table')}`);
  });

  api.get('/:table', (c) => {
    const table = c.req.param('table');
    const limit = Number(c.req.query('sysparm_limit') ?? 10_000);
    const offset = Number(c.req.query('sysparm_offset') ?? 0);
    if (!(limit >= 0) || !(offset >= 0)) return failure(c, 400, 'Pagination parameters must not be negative');
    const query = parseQuery(store, table, c.req.query('sysparm_query') ?? plainFilters(c));
    const nothing = world.settings.invalidQueryReturnsNoRows && query.dropped.length > 0;
    const matching = nothing ? [] : sorted(store, store.rows(table).filter(query.test), query.order);
    const page = matching.slice(offset, offset + limit).filter((row) => !isHidden(world, row, c.get('user')));
    if (version === 'v1' && matching.length === 0) return failure(c, 404, 'No Record found');
    if (c.req.query('sysparm_no_count') !== 'true') c.header('x-total-count', String(matching.length));
    if (c.req.query('sysparm_suppress_pagination_header') !== 'true')
      c.header('link', links(c.req.url, { limit, offset, total: matching.length }));
    const options = rendering(c);
    return c.json({ result: page.map((row) => renderRow(store, row, options)) });
  });

  api.post('/:table', async (c) => {
    const table = c.req.param('table');
    const values = input(world, table, { body: await readBody(c), labels: byLabel(c) });
    return guarded(c, () => {
      const user = c.get('user');
      const { work_notes, comments, ...columns } = values;
      const row =
        table === 'change_request'
          ? newChange(world, columns, { by: user, type: columns.type || 'normal' })
          : store.insert(table, { ...(columnsOf(table)?.active ? { active: 'true' } : {}), ...columns }, user);
      journal(store, row, { work_notes, comments, by: user });
      c.header('location', `${new URL(c.req.url).origin}/api/now/table/${table}/${row.sys_id}`);
      return c.json({ result: renderRow(store, row, rendering(c)) }, 201);
    });
  });

  api.get('/:table/:id', (c) => {
    const row = visible(c);
    return row ? c.json({ result: renderRow(store, row, rendering(c)) }) : missing(c);
  });

  api.on(['PATCH', 'PUT'], '/:table/:id', async (c) => {
    const row = visible(c);
    if (!row) return missing(c);
    const table = row.sys_class_name ?? '';
    const values = input(world, table, { body: await readBody(c), labels: byLabel(c) });
    return guarded(c, () => {
      const user = c.get('user');
      const { work_notes, comments, ...columns } = values;
      if (table === 'change_request') changeRow(world, row, { values: columns, by: user });
      else store.update(row, columns, user);
      journal(store, row, { work_notes, comments, by: user });
      return c.json({ result: renderRow(store, row, rendering(c)) });
    });
  });

  api.delete('/:table/:id', (c) => {
    const row = visible(c);
    if (!row) return missing(c);
    for (const approval of approvalsFor(world, row)) store.remove('sysapproval_approver', approval.sys_id ?? '');
    store.remove(c.req.param('table'), c.req.param('id'));
    return c.body(null, 204);
  });

  const visible = (c: Context<Env>): Row | undefined => {
    const row = store.get(c.req.param('table') ?? '', c.req.param('id') ?? '');
    return row && !isHidden(world, row, c.get('user')) ? row : undefined;
  };
  return api;
}

/** The columns of a body that exist and may be written; the Table API ignores the others without a word. */
export function input(world: World, table: string, given: { body: Record<string, unknown>; labels: boolean }): Row {
  const values: Row = {};
  for (const [name, raw] of Object.entries(given.body)) {
    const column = columnsOf(table)?.[name];
    if (!column || column.readOnly || world.settings.unwritableFields.includes(name)) continue;
    const text = raw === null ? '' : String(raw);
    const fromLabel =
      column.ref === undefined
        ? Object.entries(column.choices ?? {}).find(([, label]) => label === text)?.[0]
        : world.store.rows(column.ref).find((row) => row.name === text || row.number === text)?.sys_id;
    values[name] = given.labels ? (fromLabel ?? text) : text;
  }
  return values;
}

export function journal(
  store: Store,
  row: Row,
  { by, ...notes }: { by: string; work_notes: string | undefined; comments: string | undefined },
): void {
  for (const [element, value] of Object.entries(notes)) if (value) store.journal(row, { element, value, by });
}

export async function readBody(c: Context): Promise<Record<string, unknown>> {
  const body: unknown = await c.req.json().catch(() => ({}));
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

function guarded(c: Context, run: () => Response): Response {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refused) return failure(c, 403, ['Operation Failed', error.message]);
    throw error;
  }
}

function missing(c: Context) {
  return failure(c, 404, ['No Record found', "Record doesn't exist or ACL restricts the record retrieval"]);
}

function byLabel(c: Context): boolean {
  return c.req.query('sysparm_input_display_value') === 'true';
}

function rendering(c: Context): RenderOptions {
  const display = c.req.query('sysparm_display_value');
  return {
    display: display === 'true' || display === 'all' ? display : 'false',
    fields: c.req
      .query('sysparm_fields')
      ?.split(',')
      .filter((path) => path !== ''),
    withoutLinks: c.req.query('sysparm_exclude_reference_link') === 'true',
    baseUrl: new URL(c.req.url).origin,
  };
}

/** `?active=true&state=1`: used when there is no `sysparm_query`. */
function plainFilters(c: Context): string {
  const table = c.req.param('table') ?? '';
  return Object.entries(c.req.query())
    .filter(([name]) => columnAt(table, name))
    .map(([name, value]) => `${name}=${value}`)
    .join('^');
}

function links(url: string, page: { limit: number; offset: number; total: number }): string {
  const { limit, offset, total } = page;
  const last = limit > 0 ? Math.max(0, Math.ceil(total / limit) - 1) * limit : 0;
  const to = (rel: string, at: number) => {
    const target = new URL(url);
    target.searchParams.set('sysparm_offset', String(at));
    return `<${target}>;rel="${rel}"`;
  };
  return [
    to('first', 0),
    ...(offset > 0 ? [to('prev', Math.max(0, offset - limit))] : []),
    ...(offset + limit < total ? [to('next', offset + limit)] : []),
    to('last', last),
  ].join(',');
}
