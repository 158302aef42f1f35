import { type Context, Hono } from 'hono';
import { changeRow, decide, isOpen, newChange, transitionsOf } from './change-model.ts';
import { type Api, type Env, failure, isHidden, Refused, type World } from './context.ts';
import { parseQuery, sorted } from './encoded-query.ts';
import { renderChange } from './render.ts';
import { columnsOf, STATE_LABELS } from './schema.ts';
import { type Row, stableId } from './store.ts';
import { input, journal, readBody } from './table-api.ts';

const TYPES = ['normal', 'emergency', 'standard'];
const TEMPLATE = stableId('template', 'stop-idle-instance');

/** The Change Management API under `/api/sn_chg_rest[/v1]/change`, without its jobs. */
export function createChangeApi(world: World): Api {
  const { store } = world;
  const api = new Hono<Env>();
  const answer = (c: Context, result: unknown) => c.json({ result: world.settings.resultAsList ? [result] : result });

  api.use('*', async (c, next) => {
    if (world.settings.changeApi) return next();
    return failure(c, 400, ['Requested URI does not represent any resource', c.req.path]);
  });

  const create = async (c: Context<Env>, type: string) => {
    const body = { ...c.req.query(), ...(await readBody(c)) };
    return guarded(c, () => {
      const { columns, notes, ignored } = split(world, body);
      const row = newChange(world, columns, { by: c.get('user'), type });
      journal(store, row, { ...notes, by: c.get('user') });
      return answer(c, renderChange(store, row, ignored));
    });
  };
  const list = (c: Context<Env>, type: string | null) => {
    const query = parseQuery(store, 'change_request', c.req.query('sysparm_query') ?? '');
    const rows = store.rows('change_request').filter((row) => (type === null || row.type === type) && query.test(row));
    const offset = Number(c.req.query('sysparm_offset') ?? 0);
    const page = sorted(store, rows, query.order).slice(offset, offset + Number(c.req.query('sysparm_limit') ?? 500));
    const seen = page.filter((row) => !isHidden(world, row, c.get('user')));
    return c.json({ result: seen.map((row) => renderChange(store, row)) });
  };

  api.get('/', (c) => list(c, null));
  api.post('/', (c) => create(c, c.req.query('type') ?? 'normal'));
  api.get('/standard/template', (c) => c.json({ result: [template()] }));
  api.get('/standard/template/:id', (c) =>
    c.req.param('id') === TEMPLATE ? answer(c, template()) : failure(c, 404, 'Template not found'),
  );
  for (const type of TYPES) {
    api.get(`/${type}`, (c) => list(c, type));
    if (type !== 'standard') api.post(`/${type}`, (c) => create(c, type));
  }
  api.post('/standard/:template', async (c) =>
    c.req.param('template') === TEMPLATE ? create(c, 'standard') : failure(c, 404, 'Template not found'),
  );

  const withChange = (c: Context<Env>, run: (row: Row) => Response | Promise<Response>) => {
    const row = store.get('change_request', c.req.param('id') ?? '');
    const type = c.req.param('type');
    const found = row && !isHidden(world, row, c.get('user')) && (type === undefined || row.type === type);
    return found ? run(row) : failure(c, 404, ['Record not found', 'Requested change is not present']);
  };
  const patch = (c: Context<Env>) =>
    withChange(c, async (row) => {
      const body = { ...c.req.query(), ...(await readBody(c)) };
      return guarded(c, () => {
        const by = c.get('user');
        const { columns, notes, ignored } = split(world, body);
        changeRow(world, row, { values: columns, by });
        journal(store, row, { ...notes, by });
        return answer(c, renderChange(store, row, ignored));
      });
    });
  const remove = (c: Context<Env>) =>
    withChange(c, (row) => {
      store.remove('change_request', row.sys_id ?? '');
      return c.body(null, 204);
    });

  api.get('/:id{[0-9a-f]+}', (c) => withChange(c, (row) => answer(c, renderChange(store, row))));
  api.patch('/:id{[0-9a-f]+}', patch);
  api.delete('/:id{[0-9a-f]+}', remove);
  api.get('/:id/nextstates', (c) => withChange(c, (row) => answer(c, nextStates(row))));
  api.patch('/:id/approvals', (c) =>
    withChange(c, async (row) => {
      const body = await readBody(c);
      return guarded(c, () => {
        decide(world, row, { by: c.get('user'), state: String(body.state), comments: String(body.comments ?? '') });
        return answer(c, renderChange(store, row));
      });
    }),
  );
  api.patch('/:id/risk', (c) => withChange(c, (row) => answer(c, renderChange(store, row))));
  api.get('/:type{normal|emergency|standard}/:id', (c) => withChange(c, (row) => answer(c, renderChange(store, row))));
  api.patch('/:type{normal|emergency|standard}/:id', patch);
  api.delete('/:type{normal|emergency|standard}/:id', remove);
  return api;
}

/** Writable columns, journal entries, and the names that were not taken. */
function split(world: World, body: Record<string, unknown>) {
  const { work_notes, comments, ...columns } = input(world, 'change_request', { body, labels: false });
  const ignored = Object.keys(body).filter((name) => {
    const column = columnsOf('change_request')?.[name];
    return !column || column.readOnly || world.settings.unwritableFields.includes(name);
  });
  return { columns, notes: { work_notes, comments }, ignored };
}

function nextStates(row: Row) {
  const transitions = transitionsOf(row);
  const states = [row.state as keyof typeof STATE_LABELS, ...transitions.filter(isOpen).map((t) => t.to)];
  const labelled = [row.state as keyof typeof STATE_LABELS, ...transitions.map((t) => t.to)];
  return {
    available_states: states,
    state_label: Object.fromEntries(labelled.map((state) => [state, STATE_LABELS[state]])),
    state_transitions: transitions.map((t) => [
      {
        sys_id: stableId('transition', row.state ?? '', t.to),
        display_value: `${STATE_LABELS[row.state as keyof typeof STATE_LABELS]} to ${STATE_LABELS[t.to]}`,
        from_state: row.state,
        to_state: t.to,
        transition_available: isOpen(t),
        automatic_transition: false,
        conditions: t.conditions.map(({ name, passed }) => ({
          passed,
          condition: { name, description: name, sys_id: stableId('condition', name) },
        })),
      },
    ]),
  };
}

function template() {
  const pair = (value: string) => ({ value, display_value: value });
  return { sys_id: pair(TEMPLATE), name: pair('Stop an idle instance'), active: pair('true') };
}

function guarded(c: Context, run: () => Response): Response {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refused) return failure(c, 400, error.message);
    throw error;
  }
}
