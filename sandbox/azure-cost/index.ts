import { createHash, randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { BillSource } from '../kit/bill-source.ts';
import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { ArmError, badRequest } from './errors.ts';
import { createLimits, type Quota, TENANT_QUOTAS } from './limits.ts';
import { parseQuery, unitsOf } from './query.ts';
import { type Table, tableOf } from './table.ts';
import { OPENID_CONFIGURATION, openidConfiguration } from '../kit/entra-discovery.ts';
import { createTokenEndpoint } from './token-endpoint.ts';

export interface AzureCostSimulatorOptions {
  readonly billRows: BillSource;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Subscriptions there are. @default every one that is asked for */
  readonly subscriptions?: readonly string[];
  /** @default 3600 */
  readonly tokenSeconds?: number;
  /** Rows of a page. @default 5000 */
  readonly pageRows?: number;
  /** Calls of one client on one scope in a minute. @default 4 */
  readonly callsPerMinute?: number;
  /** @default the published ones */
  readonly quotas?: readonly Quota[];
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

export interface AzureCostControls {
  /** Ends every token at once. */
  expireTokens(): void;
  tokensIssued(): number;
  /** Query processing units spent so far. */
  unitsSpent(): number;
  /** Takes the role Cost Management Reader away on this subscription, or gives it back. */
  deny(subscriptionId: string, denied?: boolean): void;
}

const API_VERSIONS = new Set(['2023-11-01', '2024-08-01', '2025-03-01']);
const DEFAULT_PAGE_ROWS = 5_000;

/**
 * Azure Cost Management over HTTP: the token endpoint and the query of subscriptions on one port. Beside the kit's admin
 * routes: POST /__sim/expire-tokens.
 */
export function createAzureCostSimulator(
  options: AzureCostSimulatorOptions,
): Simulator & { readonly azureCost: AzureCostControls } {
  const { billRows, clock = Date.now, pageRows = DEFAULT_PAGE_ROWS } = options;
  const simulator = createSimulator('azure-cost');
  const tokenEndpoint = createTokenEndpoint({ ...options, tokenSeconds: options.tokenSeconds ?? 3600, clock });
  const limits = createLimits({
    quotas: options.quotas ?? TENANT_QUOTAS,
    callsPerMinute: options.callsPerMinute ?? 4,
    clock,
  });
  const denied = new Set<string>();
  /** Answers that are being paged through, by the token in their next link. */
  const open = new Map<string, { table: Table; digest: string; start: number }>();

  const query = async (c: Context): Promise<Response> => {
    tokenEndpoint.check(c.req.header('authorization'));
    const subscription = c.req.param('subscription') ?? '';
    if (!API_VERSIONS.has(c.req.query('api-version') ?? ''))
      throw new ArmError(400, 'InvalidApiVersionParameter', {
        message: 'The api-version is missing or not supported.',
      });
    if (options.subscriptions && !options.subscriptions.includes(subscription))
      throw new ArmError(404, 'SubscriptionNotFound', { message: `The subscription '${subscription}' was not found.` });
    if (denied.has(subscription))
      throw new ArmError(403, 'AuthorizationFailed', {
        message: "The client does not have authorization to perform action 'Microsoft.CostManagement/query/action'.",
      });
    const text = await c.req.text();
    const parsed = parseQuery(jsonOf(text));
    const headers = limits.admit(subscription, unitsOf(parsed));
    const digest = createHash('sha256').update(`${subscription}\n${text}`).digest('hex');
    const skip = c.req.query('$skiptoken');
    if (skip !== undefined) return page(c, takeUp(skip, digest), { digest, headers });
    const { from, to } = parsed;
    const table = tableOf(await billRows.rows({ from, to, accountIds: [subscription] }), parsed);
    if (table.rows.length === 0) return new Response(null, { status: 204, headers });
    return page(c, { table, start: 0 }, { digest, headers });
  };

  /** The next link works with the body it was given for, and no other. */
  const takeUp = (skip: string, digest: string) => {
    const found = open.get(skip);
    if (!found || found.digest !== digest) throw badRequest('The skiptoken does not belong to this query.');
    return found;
  };

  const page = (
    c: Context,
    { table, start }: { table: Table; start: number },
    { digest, headers }: { digest: string; headers: Record<string, string> },
  ): Response => {
    const end = start + pageRows;
    let nextLink: string | null = null;
    if (end < table.rows.length) {
      const token = randomUUID();
      open.set(token, { table, digest, start: end });
      const url = new URL(c.req.url);
      url.searchParams.set('$skiptoken', token);
      nextLink = url.href;
    }
    const name = randomUUID();
    const id = `${new URL(c.req.url).pathname.slice(1)}/${name}`;
    const rows = `[${table.rows.slice(start, end).join(',')}]`;
    const properties = `{"nextLink":${JSON.stringify(nextLink)},"columns":${JSON.stringify(table.columns)},"rows":${rows}}`;
    const body = `{"id":${JSON.stringify(id)},"name":"${name}","type":"Microsoft.CostManagement/query","location":null,"sku":null,"eTag":null,"properties":${properties}}`;
    return new Response(body, { headers: { 'content-type': 'application/json; charset=utf-8', ...headers } });
  };

  simulator.app.post('/__sim/expire-tokens', (c) => {
    tokenEndpoint.expireAll();
    return c.json({ expired: true });
  });
  simulator.app.post('/:tenant/oauth2/v2.0/token', tokenEndpoint.issue);
  simulator.app.get(`/:tenant${OPENID_CONFIGURATION}`, (c) => openidConfiguration(c, options.tenantId));
  simulator.app.post('/subscriptions/:subscription/providers/Microsoft.CostManagement/query', async (c) => {
    try {
      return withIds(await query(c));
    } catch (error) {
      if (error instanceof ArmError) return withIds(error.response());
      throw error;
    }
  });
  return Object.assign(simulator, {
    azureCost: {
      expireTokens: () => tokenEndpoint.expireAll(),
      tokensIssued: () => tokenEndpoint.issued(),
      unitsSpent: () => limits.units(),
      deny: (subscriptionId: string, yes = true) =>
        void (yes ? denied.add(subscriptionId) : denied.delete(subscriptionId)),
    },
  });
}

function withIds(response: Response): Response {
  response.headers.set('x-ms-request-id', randomUUID());
  response.headers.set('x-ms-correlation-request-id', randomUUID());
  return response;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest('The body is not JSON.');
  }
}
