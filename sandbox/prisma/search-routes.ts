import type { Context, Hono, MiddlewareHandler } from 'hono';
import { bodyOf, refuse } from './answers.ts';
import { accountName, cloudOf, TYPES } from './catalogue.ts';
import { malformedRows } from './malformed.ts';
import { pageOf, readToken, tokenOf } from './paging.ts';
import { resourceRow } from './resource-rows.ts';
import { parseConfigQuery, type Rql, RqlError } from './rql.ts';
import type { Json, Row } from './types.ts';
import type { World } from './world.ts';

export function registerSearch(app: Hono, world: World, limited: (route: string) => MiddlewareHandler): void {
  app.get('/cloud/name', limited('/cloud/name'), (c) =>
    c.json(
      [...new Map(world.estate.assets.map((a) => [a.accountId, cloudOf(a)]))].map(([id, cloudType]) => ({
        id,
        name: accountName(world.estate, id),
        cloudType,
        parentAccountName: null,
      })),
    ),
  );
  app.post('/search/config', limited('/search/config'), async (c) => {
    const body = await bodyOf(c);
    if (body['timeRange'] === undefined) return refuse(c, 400, 'missing_required_parameter');
    const answer = await page(world, { query: String(body['query']), start: 0, body });
    if (answer === null) return refuse(c, 400, 'invalid_rql_query');
    return c.json({ id: 's-1', searchType: 'config', query: body['query'] ?? null, data: answer });
  });
  app.post('/search/config/page', limited('/search/config/page'), (c) => nextPage(c, world));
}

async function nextPage(c: Context, world: World): Promise<Response> {
  const body = await bodyOf(c);
  const token = readToken(body['pageToken']);
  const answer = token && (await page(world, { ...token, body }));
  if (!answer) return refuse(c, 400, 'invalid_parameter_value');
  const { items = null, nextPageToken = null, totalRows = null } = answer;
  return c.json({ items, nextPageToken, totalRows });
}

/** Null: not a query of this language, or one that names what the platform does not have. */
async function page(world: World, asked: { query: string; start: number; body: Row }): Promise<Row | null> {
  let rql: Rql;
  try {
    rql = parseConfigQuery(asked.query);
    const name = rql.conditions.get('api.name') ?? '';
    if (world.unknownApiNames.includes(name)) throw new RqlError(name);
  } catch (error) {
    if (error instanceof RqlError) return null;
    throw error;
  }
  const limit = Number(asked.body['limit'] ?? 100);
  // A rule about one thing is how a client looks that thing up: the platform has it as it is now.
  if (rql.rule) for (const asset of world.estate.assets) if (matches(rql, asRow(world, asset))) await world.look(asset);
  const rows = [
    ...world.estate.assets.map((asset) => asRow(world, asset)),
    ...(world.malformedRows && !rql.rule ? malformedRows(world).map((row) => ({ row, apiName: VM })) : []),
  ].filter((entry) => matches(rql, entry));
  const { items, next } = pageOf(rows, asked.start, limit, world.untidyPages && !rql.rule);
  const withData = asked.body['withResourceJson'] === true;
  const shown: Json[] = items.map(({ row }) => (withData ? row : { ...row, data: null }));
  return {
    items: shown,
    // Its end is an empty text here and no field at all elsewhere.
    nextPageToken: next === null ? '' : tokenOf({ query: asked.query, start: next }),
    totalRows: rows.length,
    dynamicColumns: [],
    sortAllowedColumns: ['id', 'insertTs'],
  };
}

const VM = 'aws-ec2-describe-instances';

interface Entry {
  readonly row: Row;
  readonly apiName: string;
}

function asRow(world: World, asset: World['estate']['assets'][number]): Entry {
  return { row: resourceRow(world, asset), apiName: TYPES[asset.resourceType]?.apiName ?? '' };
}

function matches({ conditions, rule }: Rql, { row, apiName }: Entry): boolean {
  const holds = (name: string, value: Json | undefined) => {
    const wanted = conditions.get(name);
    return wanted === undefined || wanted === value;
  };
  return (
    holds('api.name', apiName) &&
    holds('cloud.type', row['cloudType']) &&
    holds('cloud.account', row['accountName']) &&
    holds('cloud.region', row['regionName']) &&
    holds('resource.status', row['deleted'] === true ? 'Deleted' : 'Active') &&
    (rule === null || rule(row['data'] ?? null))
  );
}
