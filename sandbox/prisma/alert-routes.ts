import type { Context, Hono, MiddlewareHandler } from 'hono';
import type { SeededAsset } from '../estate/types.ts';
import { alertRow, alertsOf, type SeededAlert, statusOf } from './alert-rows.ts';
import { bodyOf, refuse } from './answers.ts';
import { accountName, cloudId, cloudOf, regionName } from './catalogue.ts';
import { pageOf, readToken, tokenOf } from './paging.ts';
import type { Json, Row } from './types.ts';
import type { World } from './world.ts';

type Fact = (world: World, alert: SeededAlert) => string;
const FILTERS: Readonly<Record<string, Fact>> = {
  'alert.id': (_, { id }) => id,
  'alert.status': statusOf,
  'policy.type': (_, { words }) => words.policyType,
  'policy.severity': (_, { finding }) => finding.severity.toLowerCase(),
  'resource.id': (world, { asset }) => cloudId(world.estate.seed, asset),
  'resource.name': (_, { asset }) => asset.name,
  'cloud.account': (world, { asset }) => accountName(world.estate, asset.accountId),
  'cloud.accountId': (_, { asset }) => asset.accountId,
  'cloud.region': (_, { asset }) => regionName(asset.region),
  'cloud.type': (_, { asset }) => cloudOf(asset),
};
const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440, week: 10_080, month: 43_200 };

export function registerAlerts(
  app: Hono,
  world: World,
  limited: (route: string) => MiddlewareHandler,
  user: string,
): void {
  app.post('/v2/alert', limited('/v2/alert'), (c) => list(c, world));
  app.get('/alert/:id', limited('/alert/:id'), async (c) => {
    const alert = find(world, c.req.param('id'));
    if (!alert) return refuse(c, 404, 'not_found');
    await world.look(alert.asset);
    return c.json(alertRow(world, alert, c.req.query('detailed') === 'true'));
  });
  app.post('/alert/dismiss', limited('/alert/dismiss'), async (c) => dismiss(c, world, user));
}

async function list(c: Context, world: World): Promise<Response> {
  const body = await bodyOf(c);
  if (body['timeRange'] === undefined) return refuse(c, 400, 'missing_required_parameter');
  const limit = Number(body['limit'] ?? 10_000);
  if (limit < 1 || limit > 10_000) return refuse(c, 400, 'invalid_parameter_value');
  const wanted = new Map<string, string[]>();
  for (const { name, value } of (body['filters'] ?? []) as readonly { name: string; value: string }[]) {
    if (!FILTERS[name]) return refuse(c, 400, 'invalid_parameter_value');
    wanted.set(name, [...(wanted.get(name) ?? []), value]);
  }
  const ids = wanted.get('resource.id');
  if (ids) for (const asset of assetsOf(world, ids)) await world.look(asset);
  const query = JSON.stringify([...wanted]);
  const token = body['pageToken'] ? readToken(body['pageToken']) : { query, start: 0 };
  if (token?.query !== query) return refuse(c, 400, 'invalid_parameter_value');
  const found = world.estate.assets
    .flatMap((asset) => alertsOf(world, asset))
    .filter((alert) => [...wanted].every(([name, values]) => values.includes((FILTERS[name] as Fact)(world, alert))));
  const page = pageOf(found, token.start, limit, world.untidyPages);
  const detailed = c.req.query('detailed') === 'true';
  const rows: Json[] = page.items.map((alert) => alertRow(world, alert, detailed));
  return c.json({
    items: rows,
    nextPageToken: page.next === null ? null : tokenOf({ query, start: page.next }),
    totalRows: found.length,
    dynamicColumns: [],
    sortAllowedColumns: ['alertTime', 'id'],
  });
}

/** Present `dismissalTimeRange`: a snooze. Nothing is done when any of the alerts is no longer open. */
async function dismiss(c: Context, world: World, by: string): Promise<Response> {
  const body = await bodyOf(c);
  const note = body['dismissalNote'];
  if (body['filter'] === undefined || typeof note !== 'string' || note === '')
    return refuse(c, 400, 'missing_required_parameter');
  const alerts = ((body['alerts'] ?? []) as readonly string[]).map((id) => find(world, id));
  if (alerts.length === 0 || alerts.some((alert) => !alert || statusOf(world, alert) !== 'open'))
    return refuse(c, 404, 'alert_no_longer_in_expected_state');
  const range = body['dismissalTimeRange'] as Row | undefined;
  const value = range?.['value'] as { amount?: number; unit?: string } | undefined;
  const minutes = (value?.amount ?? 0) * (MINUTES[value?.unit ?? ''] ?? 0);
  if (range !== undefined && minutes < 60) return refuse(c, 400, 'violates_minimum_alert_dismiss_duration_time');
  const at = world.clock();
  for (const alert of alerts)
    if (alert)
      world.state.dismissals[alert.id] = { note, by, at, until: range === undefined ? null : at + minutes * 60_000 };
  world.state.save();
  return c.body('', 200);
}

function find(world: World, id: string): SeededAlert | undefined {
  return world.estate.assets.flatMap((asset) => alertsOf(world, asset)).find((alert) => alert.id === id);
}

function assetsOf(world: World, ids: readonly string[]): readonly SeededAsset[] {
  return world.estate.assets.filter((asset) => ids.includes(cloudId(world.estate.seed, asset)));
}
