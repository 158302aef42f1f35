import type { Context } from 'hono';
import { providerOf } from '../estate/kinds.ts';
import { addWorldRoutes } from '../clouds/admin.ts';
import { type CloudWorld, createCloudWorld } from '../clouds/world.ts';
import type { Estate } from '../estate/types.ts';
import type { ServiceAccountKey } from '../gcp-billing/service-account.ts';
import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { type AuditEvent, auditEntries } from './audit-log.ts';
import { applyChange } from './changes.ts';
import { GoogleRefusal, notFound } from './google-error.ts';
import { GcpAccount, type GcpRoleName, roleAllows } from './identities.ts';
import { answerTimeSeries, type MetricFaults } from './metrics.ts';
import { createOperations } from './operations.ts';
import { oneRow, referrerRows, rowsOf, scoped } from './reads.ts';
import { databaseRow } from './rows.ts';
import { diskKeyFor } from './spell.ts';
import { createTokenEndpoint } from './token-endpoint.ts';

export { GcpAccount, type GcpRoleName } from './identities.ts';

export interface GcpSimulatorOptions {
  readonly estate: Estate;
  /** Key files of the two accounts that have one. */
  readonly keys: Readonly<Record<'read' | 'executor', ServiceAccountKey>>;
  readonly stateFile?: string;
  /** How long transitions, operations and snapshots take. @default 400 */
  readonly transitionMs?: number;
  /** @default 3600 */
  readonly tokenSeconds?: number;
  /** Rows of a page. @default 500 */
  readonly pageRows?: number;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

export interface GcpControls {
  readonly world: CloudWorld;
  /** Every change that was let through, as the audit log names it. */
  audit(): readonly AuditEvent[];
  tokens(): readonly { readonly role: GcpRoleName; readonly token: string }[];
  expireTokens(): void;
  /** Takes one permission away from every role, or gives it back. */
  deny(permission: string, denied?: boolean): void;
  readonly metrics: MetricFaults;
  /** Keys of instances that are suspended. */
  readonly suspended: Set<string>;
  /** Instance key → unmanaged groups and target pools it is in. */
  readonly groups: Map<string, readonly string[]>;
}

/** Compute Engine, Cloud SQL, Cloud Monitoring, audit logs and both token services on one port. */
export function createGcpSimulator(options: GcpSimulatorOptions): Simulator & { readonly gcp: GcpControls } {
  const { estate, clock = Date.now, transitionMs = 400, pageRows = 500 } = options;
  const simulator = createSimulator('gcp');
  const world = createCloudWorld({
    estate,
    assets: estate.assets.filter((a) => providerOf(a.resourceType) === 'gcp'),
    diskKey: (asset, name) => diskKeyFor(asset.accountId, asset.region, name),
    transitionMs,
    clock,
    ...(options.stateFile === undefined ? {} : { stateFile: options.stateFile }),
  });
  const tokenEndpoint = createTokenEndpoint({ keys: options.keys, tokenSeconds: options.tokenSeconds ?? 3600, clock });
  const operations = createOperations({ transitionMs, clock });
  const denied = new Set<string>();
  const log: AuditEvent[] = [];
  const metrics: MetricFaults = { executionError: null, pagePoints: 100_000 };
  const suspended = new Set<string>();
  const groups = new Map<string, readonly string[]>();
  const deps = { world, operations, suspended, groups };
  addWorldRoutes(simulator, world);

  const authorise = (c: Context, permission: string, on: string): GcpRoleName => {
    const holder = tokenEndpoint.whose(c.req.header('authorization'));
    const { role } = holder;
    c.set('label' as never, `${role} ${permission}` as never);
    const api = permission.startsWith('cloudsql.') ? '/sqlservice.admin' : '/compute';
    if (!tokenEndpoint.opens(holder, api))
      throw new GoogleRefusal(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.');
    if (roleAllows(role, permission) && !denied.has(permission)) return role;
    throw new GoogleRefusal(403, 'forbidden', `Required '${permission}' permission for '${on}'`);
  };
  const known = (project: string) => {
    if (!estate.accounts.some((a) => a.accountId === project)) throw notFound(`projects/${project}`);
  };
  const pageOf = (c: Context, rows: readonly Record<string, unknown>[]) => {
    const query = new URL(c.req.url).searchParams;
    const from = Number(query.get('pageToken') ?? 0);
    const to = from + Math.min(Number(query.get('maxResults') ?? 500), pageRows);
    return { rows: rows.slice(from, to), more: to < rows.length ? { nextPageToken: String(to) } : {} };
  };

  const change = async (c: Context, at: { project: string; key: string; verb: string; permission: string }) => {
    const { project, key, verb, permission } = at;
    const role = authorise(c, permission, key.replace(/^\/\/[^/]+\//, ''));
    const text = await c.req.text();
    const before = world.state.mutations.length;
    const requestId = new URL(c.req.url).searchParams.get('requestId');
    const body: unknown = text === '' ? {} : JSON.parse(text);
    const response = applyChange(deps, { project, key, verb, body, requestId, actor: role });
    if (world.state.mutations.length > before)
      log.push({
        at: new Date(clock()).toISOString(),
        principal: GcpAccount[role],
        methodName: `v1.${permission}`,
        resourceName: key.replace(/^\/\/[^/]+\//, ''),
        reason: c.req.header('x-goog-request-reason') ?? null,
      });
    return response;
  };

  const compute = async (c: Context, project: string, rest: readonly string[]): Promise<Response> => {
    known(project);
    const key = (parts: readonly string[]) => `//compute.googleapis.com/projects/${project}/${parts.join('/')}`;
    if (rest.length === 0) {
      authorise(c, 'compute.projects.get', `projects/${project}`);
      return c.json({ kind: 'compute#project', name: project });
    }
    const [scope = '', first = '', second = '', ...more] = rest;
    if (scope === 'aggregated') {
      authorise(c, `compute.${first}.list`, `projects/${project}`);
      const { rows, more: next } = pageOf(c, rowsOf(deps, project, first));
      return c.json({ items: scoped(rows, first, ['zones/us-central1-a', 'regions/us-east4']), ...next });
    }
    const [collection, name, verb] = scope === 'global' ? [first, second, more[0]] : [second, more[0], more[1]];
    if (collection === 'operations') {
      authorise(c, `compute.${scope === 'global' ? 'global' : scope.slice(0, -1)}Operations.get`, key(rest));
      const found = operations.find(name ?? '');
      if (found === null) throw notFound(key(rest));
      return c.json(found);
    }
    const { method } = c.req;
    if (method === 'GET' && verb === 'referrers') {
      authorise(c, 'compute.instances.listReferrers', key(rest));
      const page = pageOf(c, referrerRows(deps, { project, zone: first, name: name ?? '' }));
      return c.json({ items: page.rows, ...page.more });
    }
    if (method === 'GET' && name) {
      authorise(c, `compute.${collection}.get`, key(rest));
      return c.json(oneRow(deps, project, key(rest)));
    }
    if (method === 'GET') {
      authorise(c, `compute.${collection}.list`, key(rest));
      const label = /^labels\.(\S+) = "([^"]+)"$/.exec(new URL(c.req.url).searchParams.get('filter') ?? '');
      const rows = rowsOf(deps, project, collection ?? '').filter(
        (row) => label === null || (row['labels'] as Record<string, string>)[label[1] ?? ''] === label[2],
      );
      const page = pageOf(c, rows);
      return c.json({ items: page.rows, ...page.more });
    }
    const what = method === 'DELETE' ? 'delete' : (verb ?? 'insert');
    const target = verb === undefined ? rest : rest.slice(0, -1);
    const permission = `compute.${collection}.${what === 'insert' ? 'create' : what}`;
    return change(c, { project, key: key(target), verb: what, permission });
  };

  const sql = async (c: Context, project: string, rest: readonly string[]): Promise<Response> => {
    known(project);
    const [collection, name = ''] = rest;
    const key = `//cloudsql.googleapis.com/projects/${project}/instances/${name}`;
    if (collection === 'operations') {
      authorise(c, 'cloudsql.instances.get', key);
      const found = operations.find(name);
      if (found === null) throw notFound(name);
      return c.json(found);
    }
    const databases = world.all().filter((r) => r.kind === 'database' && r.accountId === project);
    if (c.req.method === 'PATCH')
      return change(c, { project, key, verb: 'patch', permission: 'cloudsql.instances.update' });
    authorise(c, name ? 'cloudsql.instances.get' : 'cloudsql.instances.list', key);
    const rows = databases.filter((db) => name === '' || db.key === key).map((db) => databaseRow(world, db));
    if (name === '') {
      const page = pageOf(c, rows);
      return c.json({ kind: 'sql#instancesList', items: page.rows, ...page.more });
    }
    if (rows[0] === undefined)
      throw new GoogleRefusal(404, 'instanceDoesNotExist', 'The Cloud SQL instance does not exist.');
    return c.json(rows[0]);
  };

  const answer = async (c: Context): Promise<Response> => {
    const path = decodeURIComponent(c.req.path);
    if (path === '/token' && c.req.method === 'POST') return tokenEndpoint.issue(c);
    const account = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):generateAccessToken$/.exec(path)?.[1];
    if (account !== undefined) {
      authorise(c, 'iam.serviceAccounts.getAccessToken', account);
      return tokenEndpoint.impersonate(c, account);
    }
    if (path === '/v2/entries:list') {
      authorise(c, 'logging.logEntries.list', 'projects');
      const { filter = '' } = (await c.req.json()) as { filter?: string };
      return c.json({ entries: auditEntries(world, log, filter) });
    }
    const [, first = '', ...rest] = path.split('/');
    if (first === 'compute' && rest[1] === 'projects') return compute(c, rest[2] ?? '', rest.slice(3));
    if (first === 'v1' && rest[0] === 'projects') return sql(c, rest[1] ?? '', rest.slice(2));
    if (first === 'v3' && rest[0] === 'projects') {
      known(rest[1] ?? '');
      if (rest[2] === 'metricDescriptors') {
        authorise(c, 'monitoring.metricDescriptors.list', `projects/${rest[1]}`);
        return c.json({ metricDescriptors: [] });
      }
      authorise(c, 'monitoring.timeSeries.list', `projects/${rest[1]}`);
      const query = new URL(c.req.url).searchParams;
      return c.json(answerTimeSeries(world, { project: rest[1] ?? '', query }, metrics));
    }
    throw notFound(path);
  };

  simulator.app.all('*', async (c) => {
    try {
      return await answer(c);
    } catch (error) {
      if (error instanceof GoogleRefusal) return error.response();
      throw error;
    }
  });

  return {
    ...simulator,
    gcp: {
      world,
      metrics,
      suspended,
      groups,
      audit: () => log,
      tokens: () => tokenEndpoint.issued(),
      expireTokens: () => tokenEndpoint.expireAll(),
      deny: (permission, on = true) => void (on ? denied.add(permission) : denied.delete(permission)),
    },
  };
}
