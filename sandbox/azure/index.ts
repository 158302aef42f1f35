import type { Context } from 'hono';
import { providerOf } from '../estate/kinds.ts';
import { addWorldRoutes } from '../clouds/admin.ts';
import { type CloudWorld, createCloudWorld } from '../clouds/world.ts';
import type { Estate } from '../estate/types.ts';
import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { type ActivityEvent, activityRows } from './activity-log.ts';
import { ArmRefusal } from './arm-error.ts';
import { applyChange } from './changes.ts';
import { AZURE_TENANT, AzureApp, type AzureRoleName, roleAllows } from './identities.ts';
import { answerBatch, type MetricFaults } from './metrics.ts';
import { createOperations } from './operations.ts';
import { lockRows, oneRow, resourceRows, rowsOfType, sizesOf } from './reads.ts';
import { keyFor } from './spell.ts';
import { OPENID_CONFIGURATION, openidConfiguration } from '../kit/entra-discovery.ts';
import { createTokenEndpoint } from './token-endpoint.ts';

export { AZURE_TENANT, AzureApp, type AzureRoleName } from './identities.ts';

export interface AzureSimulatorOptions {
  readonly estate: Estate;
  /** Client secret of each app registration. */
  readonly secrets: Readonly<Record<AzureRoleName, string>>;
  /** @default AZURE_TENANT */
  readonly tenantId?: string;
  readonly stateFile?: string;
  /** How long transitions, operations and snapshots take. @default 400 */
  readonly transitionMs?: number;
  /** @default 3600 */
  readonly tokenSeconds?: number;
  /** Rows of a page. @default 50 */
  readonly pageRows?: number;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

export interface AzureControls {
  readonly world: CloudWorld;
  /** Every change that was let through, as the activity log names it. */
  activity(): readonly ActivityEvent[];
  tokens(): readonly { readonly role: AzureRoleName; readonly tokenId: string }[];
  expireTokens(): void;
  /** Takes one permission away from every role, or gives it back. */
  deny(action: string, denied?: boolean): void;
  readonly metrics: MetricFaults;
  /** Members of a failover group, as primary and partner. */
  readonly failoverPairs: [primary: string, partner: string][];
}

/** Azure Resource Manager, the token endpoint and Azure Monitor's batch metrics (under `/regions/<region>`) on one port. */
export function createAzureSimulator(options: AzureSimulatorOptions): Simulator & { readonly azure: AzureControls } {
  const { estate, clock = Date.now, transitionMs = 400, pageRows = 50 } = options;
  const simulator = createSimulator('azure');
  const world = createCloudWorld({
    estate,
    assets: estate.assets.filter((a) => providerOf(a.resourceType) === 'azure'),
    diskKey: (asset, name) => keyFor(asset.accountId, 'Microsoft.Compute/disks', name),
    transitionMs,
    clock,
    ...(options.stateFile === undefined ? {} : { stateFile: options.stateFile }),
  });
  const tokenEndpoint = createTokenEndpoint({
    tenantId: options.tenantId ?? AZURE_TENANT,
    secrets: options.secrets,
    tokenSeconds: options.tokenSeconds ?? 3600,
    clock,
  });
  const operations = createOperations({ transitionMs, clock });
  const denied = new Set<string>();
  const log: ActivityEvent[] = [];
  const metrics: MetricFaults = { codes: new Map() };
  const failoverPairs: [string, string][] = [];
  addWorldRoutes(simulator, world);

  const authorise = (c: Context, action: string, scope: string): AzureRoleName => {
    const role = tokenEndpoint.whose(c.req.header('authorization'));
    c.set('label' as never, `${role} ${action}` as never);
    if (roleAllows(role, action) && !denied.has(action.toLowerCase())) return role;
    throw new ArmRefusal(
      403,
      'AuthorizationFailed',
      `The client '${AzureApp[role]}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid.`,
    );
  };

  const page = (c: Context, rows: readonly unknown[]): Response => {
    const url = new URL(c.req.url);
    const skip = Number(url.searchParams.get('$skiptoken') ?? 0);
    url.searchParams.set('$skiptoken', String(skip + pageRows));
    const more = skip + pageRows < rows.length;
    const headers = { 'x-ms-ratelimit-remaining-subscription-reads': '249' };
    return c.json(
      { value: rows.slice(skip, skip + pageRows), ...(more ? { nextLink: url.toString() } : {}) },
      200,
      headers,
    );
  };

  const answer = async (c: Context): Promise<Response> => {
    const path = c.req.path.replace(/\/{2,}/g, '/');
    if (path.endsWith('/oauth2/v2.0/token') && c.req.method === 'POST') return tokenEndpoint.issue(c);
    if (path.endsWith(OPENID_CONFIGURATION)) return openidConfiguration(c, options.tenantId ?? AZURE_TENANT);
    const batch = /^\/regions\/([^/]+)\/subscriptions\/([^/]+)\/metrics:getBatch$/i.exec(decodeURIComponent(path));
    const query = new URL(c.req.url).searchParams;
    if (batch) {
      authorise(c, 'Microsoft.Insights/metrics/read', batch[2] ?? '');
      const { resourceids = [] } = (await c.req.json()) as { resourceids?: string[] };
      const ask = { region: batch[1] ?? '', subscription: batch[2] ?? '', query, ids: resourceids };
      return c.json(answerBatch(world, ask, metrics));
    }
    const [, first, subscription = '', ...rest] = path.split('/').map(decodeURIComponent);
    if (first?.toLowerCase() !== 'subscriptions') throw new ArmRefusal(404, 'NotFound', `There is nothing at ${path}.`);
    if (!query.has('api-version'))
      throw new ArmRefusal(400, 'MissingApiVersionParameter', 'The api-version query parameter is required.');
    if (!estate.accounts.some((a) => a.accountId === subscription))
      throw new ArmRefusal(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
    return c.req.method === 'GET' ? read(c, { subscription, rest, query }) : change(c, { subscription, rest });
  };

  const read = (c: Context, at: { subscription: string; rest: string[]; query: URLSearchParams }): Response => {
    const { subscription, query } = at;
    const rest = at.rest.map((part) => part.toLowerCase());
    const scope = `/subscriptions/${subscription}`;
    if (rest.length === 0) {
      authorise(c, 'Microsoft.Resources/subscriptions/read', scope);
      return c.json({ id: scope, subscriptionId: subscription, state: 'Enabled' });
    }
    if (rest[0] === 'resources') {
      authorise(c, 'Microsoft.Resources/subscriptions/resources/read', scope);
      return page(c, resourceRows(world, subscription, query.get('$filter') ?? ''));
    }
    const inGroup = rest[0] === 'resourcegroups' ? rest.slice(2) : rest;
    const [, namespace = '', type = '', name, verb, sub] = inGroup;
    if (inGroup[0] !== 'providers') throw new ArmRefusal(404, 'NotFound', 'There is nothing here.');
    if (namespace === 'microsoft.authorization') {
      authorise(c, 'Microsoft.Authorization/locks/read', scope);
      return page(c, lockRows(world, subscription));
    }
    if (namespace === 'microsoft.insights') {
      authorise(c, 'Microsoft.Insights/eventtypes/values/read', scope);
      return page(c, activityRows(world, log, query.get('$filter') ?? ''));
    }
    if (type === 'locations' && verb === 'operations') {
      tokenEndpoint.whose(c.req.header('authorization'));
      return operations.answer(sub ?? '');
    }
    if (type === 'locations' && verb === 'instancefailovergroups') {
      authorise(c, 'Microsoft.Sql/locations/instanceFailoverGroups/read', scope);
      const pairs = failoverPairs.map(([primary, partner]) => ({
        primaryManagedInstanceId: primary,
        partnerManagedInstanceId: partner,
      }));
      return page(
        c,
        pairs.length === 0 ? [] : [{ properties: { replicationRole: 'Primary', managedInstancePairs: pairs } }],
      );
    }
    authorise(c, `${namespace}/${type}/read`, scope);
    const ask = { type: `${namespace}/${type}`, query };
    if (name === undefined) return page(c, rowsOfType(world, subscription, ask));
    const row = oneRow(world, subscription, { ...ask, name });
    return verb === 'vmsizes' ? page(c, sizesOf()) : c.json(row);
  };

  const change = async (c: Context, at: { subscription: string; rest: string[] }): Promise<Response> => {
    const { subscription, rest } = at;
    const [group, , , namespace = '', type = '', name = '', verb = null] = rest;
    if (group?.toLowerCase() !== 'resourcegroups') throw new ArmRefusal(405, 'MethodNotAllowed', 'Not supported here.');
    const { method } = c.req;
    const what = method === 'POST' ? `${verb}/action` : method === 'DELETE' ? 'delete' : 'write';
    const action = `${namespace}/${type}/${what}`;
    const key = keyFor(subscription, `${namespace}/${type}`, name);
    const role = authorise(c, action, key);
    const text = await c.req.text();
    const before = world.state.mutations.length;
    const response = applyChange(
      { world, operations },
      {
        method,
        subscription,
        name: name.toLowerCase(),
        type: `${namespace}/${type}`.toLowerCase(),
        verb: verb?.toLowerCase() ?? null,
        body: text === '' ? {} : JSON.parse(text),
        ifMatch: c.req.header('if-match'),
        actor: role,
        base: new URL(c.req.url).origin,
      },
    );
    if (world.state.mutations.length > before)
      log.push({
        at: new Date(clock()).toISOString(),
        correlationId: c.req.header('x-ms-correlation-request-id') ?? null,
        caller: AzureApp[role],
        role,
        operation: action,
        resourceId: key,
      });
    return response;
  };

  simulator.app.all('*', async (c) => {
    try {
      return await answer(c);
    } catch (error) {
      if (error instanceof ArmRefusal) return error.response();
      throw error;
    }
  });

  return {
    ...simulator,
    azure: {
      world,
      metrics,
      failoverPairs,
      activity: () => log,
      tokens: () => tokenEndpoint.issued(),
      expireTokens: () => tokenEndpoint.expireAll(),
      deny: (action, on = true) => void (on ? denied.add(action.toLowerCase()) : denied.delete(action.toLowerCase())),
    },
  };
}
