import type { Context } from 'hono';
import type { Thing } from './inventory.ts';
import { type PageOptions, slice } from './pages.ts';
import { type Condition, checkCondition, checkKey, listOf, matches, Refused } from './query.ts';
import type { Json } from './types.ts';
import type { World } from './world.ts';

const MAX_LIMIT = 10_000;

/** `POST /api/serving-layer/query`. */
export async function answerQuery(c: Context, world: World, pages: PageOptions): Promise<Response> {
  const body = (await c.req.json().catch(() => null)) as Record<string, unknown> | null;
  const query = body?.['query'] as Record<string, unknown> | undefined;
  if (!query || query['type'] !== 'object_set')
    return c.json({ status: 'failure', error: 'query.type must be object_set' }, 400);
  const limit = Number(body?.['limit'] ?? 100);
  const start = Number(body?.['start_at_index'] ?? 0);
  if (!(limit >= 1 && limit <= MAX_LIMIT && start >= 0)) return c.json({ status: 'failure', error: 'bad limit' }, 400);
  const models = listOf(query['models']).map(String);
  c.set('label' as never, models.join(',') as never);
  try {
    const rows = select(world, models, (query['with'] ?? {}) as Condition, listOf(body?.['order_by[]']).map(String));
    for (const key of listOf(body?.['select']).map(String)) checkKey(key, models[0] ?? '', world.keysOf);
    const page = slice(rows, start, limit, pages);
    const shape = { flat: body?.['flat_json'] === true, with: listOf(body?.['additional_models[]']).map(String) };
    return c.json({
      status: 'success',
      data: page.rows.map((row) => node(row, shape)),
      next_page_token: null,
      ...(body?.['get_results_and_count'] === true
        ? { total_items: page.total, total_supported_items: pages.window }
        : {}),
    });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return c.json({ status: 'failure', error: error.message }, 400);
  }
}

function select(world: World, models: readonly string[], condition: Condition, order: readonly string[]): Thing[] {
  const rows = models.flatMap((model) => world.things(model));
  for (const model of models) {
    if (Object.keys(condition).length > 0) checkCondition(condition, model, world.keysOf);
    for (const key of order) checkKey(key.replace(/^-/, ''), model, world.keysOf);
  }
  const wanted = Object.keys(condition).length === 0 ? rows : rows.filter((row) => matches(row, condition));
  const [first] = order;
  if (first === undefined) return wanted;
  const key = first.replace(/^-/, '');
  const sign = first.startsWith('-') ? -1 : 1;
  return wanted.sort((a, b) => sign * String(a.values[key]).localeCompare(String(b.values[key]), 'en'));
}

/** Every key is wrapped as `{value: …}` unless `flat_json` was asked for. */
function node(thing: Thing, shape: { readonly flat: boolean; readonly with: readonly string[] }): Json {
  const head = { id: thing.id, name: thing.name, type: thing.type, asset_unique_id: thing.assetUniqueId };
  const related = Object.fromEntries(
    shape.with.flatMap((name) => {
      const other = thing.related[name];
      return other ? [[name, node(other, { flat: shape.flat, with: [] })]] : [];
    }),
  );
  if (shape.flat) return { ...thing.values, ...head, ...related };
  const data = Object.fromEntries(Object.entries(thing.values).map(([key, value]) => [key, { value }]));
  return { ...head, data, ...related };
}
