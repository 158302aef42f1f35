import { compute_v1 } from '@googleapis/compute/build/v1.js';
import { sqladmin_v1 } from '@googleapis/sqladmin/build/v1.js';
import type { OAuth2Client } from 'google-auth-library';
import type { Gcp } from './section.ts';
import { safeBase } from '../../http/address.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { createGoogleAuth } from '../../google-auth/index.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { Session } from '../shared/executor/context.ts';
import { clientOfToken, impersonate, impersonatedClient, withPolicy } from './auth.ts';
import { mapGoogleError } from './errors.ts';

export type GcpConfig = Gcp;

export interface RestRequest {
  /** In messages: what is being done. */
  readonly operation: string;
  readonly path: string;
  readonly params?: URLSearchParams;
  /** With a body it is a POST. */
  readonly body?: unknown;
}

/** Clients of one project under one identity. */
export interface GcpSession extends Session {
  readonly compute: compute_v1.Compute;
  readonly sql: sqladmin_v1.Sqladmin;
  /** Services that need no client of their own. Throws ProviderError. */
  call(service: 'monitoring' | 'logging', request: RestRequest): Promise<unknown>;
}

export interface GcpClientsOptions {
  readonly config: GcpConfig;
  readonly secrets: SecretsPort;
  /** Whose rights reads carry: the reader's, or the executor's reversible service account of each project. */
  readonly role: 'read' | 'execute';
  /** @default 30000 */
  readonly requestTimeoutMs?: number;
}

export interface GcpClients {
  readonly config: GcpConfig;
  /** Clients for reads. Throws a terminal ProviderError when the project is not in the configuration. */
  reading(projectId: string): GcpSession;
  /**
   * Clients for one change, with a token made for it and forgotten with it, good for one of the two APIs. One attempt per
   * call: a retry after a lost answer would be a second effect.
   */
  changing(change: {
    readonly projectId: string;
    readonly role: 'reversible' | 'destructive';
    readonly api: 'compute' | 'sql';
    readonly headers: Readonly<Record<string, string>>;
  }): Promise<{ readonly session: GcpSession; readonly serviceAccount: string; readonly expiresAt: Date }>;
}

const PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
/** A token can be narrowed to an API, not to a resource: that is done by the role's conditions. */
const SCOPE = {
  compute: 'https://www.googleapis.com/auth/compute',
  sql: 'https://www.googleapis.com/auth/sqlservice.admin',
} as const;
const CHANGE_SECONDS = 600;
const READ_SECONDS = 3600;

/** API clients per project against Google Cloud or the configured endpoints. */
export function createGcpClients(options: GcpClientsOptions): GcpClients {
  const { config, secrets, role, requestTimeoutMs: timeoutMs = 30_000 } = options;
  const base = (field: 'computeUrl' | 'sqlUrl' | 'monitoringUrl' | 'loggingUrl' | 'iamCredentialsUrl') =>
    safeBase(config[field], { provider: 'gcp', field: `gcp.${field}` }).replace(/\/$/, '');
  const bases: Bases = {
    compute: base('computeUrl'),
    sql: base('sqlUrl'),
    monitoring: base('monitoringUrl'),
    logging: base('loggingUrl'),
  };
  const iamCredentialsUrl = base('iamCredentialsUrl');
  const sessions = new Map<string, GcpSession>();
  const policy = { timeoutMs, headers: {} };
  const own = withPolicy(
    createGoogleAuth({
      credentials: role === 'read' ? config.readCredentials : config.executorCredentials,
      secrets,
      tokenUrl: config.tokenUrl,
      timeoutMs,
    }),
    policy,
  );

  const project = (projectId: string) => {
    const found = config.projects.find((p) => p.projectId === projectId);
    if (found) return found;
    throw new ProviderError({
      kind: ProviderErrorKind.Terminal,
      provider: 'gcp',
      operation: 'session',
      message: `project ${projectId} is not configured; add it under gcp.projects`,
    });
  };
  const readAuth = (projectId: string): OAuth2Client => {
    const { executorServiceAccounts } = project(projectId);
    if (role === 'read') return own;
    const client = impersonatedClient({
      source: own,
      iamCredentialsUrl,
      serviceAccount: executorServiceAccounts.reversible,
      scopes: [PLATFORM],
      lifetimeSeconds: READ_SECONDS,
    });
    return withPolicy(client, policy);
  };

  return {
    config,
    reading(projectId) {
      const known = sessions.get(projectId) ?? createSession(readAuth(projectId), bases);
      sessions.set(projectId, known);
      return known;
    },
    async changing({ projectId, role: wanted, api, headers }) {
      const serviceAccount = project(projectId).executorServiceAccounts[wanted];
      const scopes = [SCOPE[api]];
      const token = await impersonate({
        source: own,
        iamCredentialsUrl,
        serviceAccount,
        scopes,
        lifetimeSeconds: CHANGE_SECONDS,
      });
      const session = createSession(withPolicy(clientOfToken(token), { timeoutMs, headers }), bases);
      return { session, serviceAccount, expiresAt: token.expiresAt };
    },
  };
}

type Bases = Readonly<Record<'compute' | 'sql' | 'monitoring' | 'logging', string>>;

function createSession(auth: OAuth2Client, bases: Bases): GcpSession {
  let ended = false;
  const alive = (): OAuth2Client => {
    if (ended) throw new Error('the session was given up; ask for another');
    return auth;
  };
  // The clients were built against another release of the same library.
  const settings = (rootUrl: string) => ({ auth: alive() as never, rootUrl: `${rootUrl}/` });
  let compute: compute_v1.Compute | undefined;
  let sql: sqladmin_v1.Sqladmin | undefined;
  return {
    get compute() {
      return (compute ??= new compute_v1.Compute(settings(bases.compute)));
    },
    get sql() {
      return (sql ??= new sqladmin_v1.Sqladmin(settings(bases.sql)));
    },
    async call(service, { operation, path, params, body }) {
      const query = params === undefined ? '' : `?${params.toString()}`;
      const sent = body === undefined ? { method: 'GET' as const } : { method: 'POST' as const, data: body };
      try {
        const response = await alive().request<unknown>({ url: `${bases[service]}${path}${query}`, ...sent });
        return response.data;
      } catch (error) {
        throw mapGoogleError(error, operation, { provider: service === 'monitoring' ? 'cloud-monitoring' : 'gcp' });
      }
    },
    destroy() {
      ended = true;
      auth.setCredentials({});
      compute = undefined;
      sql = undefined;
    },
  };
}
