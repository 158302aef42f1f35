import { ComputeManagementClient } from '@azure/arm-compute';
import { NetworkManagementClient } from '@azure/arm-network';
import { SqlManagementClient } from '@azure/arm-sql';
import type { Pipeline } from '@azure/core-rest-pipeline';
import { MetricsClient } from '@azure/monitor-query-metrics';
import type { Azure } from './section.ts';
import { safeBase } from '../../http/address.ts';
import { type AzureTokens, createAzureTokens } from '../../azure-auth/index.ts';
import { createAzureHttpClient } from '../../azure-auth/http-client.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { Session } from '../shared/executor/context.ts';
import { type ArmReads, createArmReads } from './arm.ts';
import { type Authority, outgoing, secure } from './policies.ts';

export type AzureConfig = Azure;
type Identity = AzureConfig['readIdentity'];

/** Clients of one subscription under one identity. Created on first use and kept until `destroy`. */
export interface AzureSession extends Session {
  readonly compute: ComputeManagementClient;
  readonly network: NetworkManagementClient;
  readonly sql: SqlManagementClient;
  readonly arm: ArmReads;
  metrics(region: string): MetricsClient;
}

export interface AzureClientsOptions {
  readonly config: AzureConfig;
  readonly secrets: SecretsPort;
  /** Whose rights reads carry: the reader's, or the executor's own reversible identity of each subscription. */
  readonly role: 'read' | 'execute';
  /** @default 30000 */
  readonly requestTimeoutMs?: number;
}

export interface AzureClients {
  readonly config: AzureConfig;
  /** Clients for reads. Throws a terminal ProviderError when the subscription is not in the configuration. */
  reading(subscriptionId: string): AzureSession;
  /**
   * Clients for one change, with a token made for it and forgotten with it. One attempt per call: a retry after a lost answer
   * would be a second effect.
   */
  changing(change: {
    readonly subscriptionId: string;
    readonly role: 'reversible' | 'destructive';
    readonly headers: Readonly<Record<string, string>>;
  }): Promise<{ readonly session: AzureSession; readonly token: string; readonly expiresAt: Date }>;
}

/** SDK clients per subscription against Azure or one configured endpoint. */
export function createAzureClients(options: AzureClientsOptions): AzureClients {
  const { config, secrets, role, requestTimeoutMs = 30_000 } = options;
  const base = safeBase(config.armUrl, { provider: 'azure', field: 'azure.armUrl' });
  const shared = new Map<string, AzureTokens>();
  const sessions = new Map<string, AzureSession>();

  const tokensOf = (identity: Identity): AzureTokens =>
    createAzureTokens({
      ...identity,
      secrets,
      authorityUrl: config.authorityUrl,
      tenantId: config.tenantId,
      timeoutMs: requestTimeoutMs,
    });
  const subscription = (id: string) => {
    const found = config.subscriptions.find((s) => s.subscriptionId === id);
    if (found) return found;
    throw new ProviderError({
      kind: ProviderErrorKind.Terminal,
      provider: 'azure',
      operation: 'session',
      message: `subscription ${id} is not configured; add it under azure.subscriptions`,
    });
  };
  const readTokens = (subscriptionId: string): AzureTokens => {
    const { executorIdentities } = subscription(subscriptionId);
    const key = role === 'read' ? 'read' : subscriptionId;
    return remember(shared, key, () => tokensOf(role === 'read' ? config.readIdentity : executorIdentities.reversible));
  };
  const sessionOf = (
    subscriptionId: string,
    how: { tokens: AzureTokens; renew: boolean; headers: Readonly<Record<string, string>> },
  ): AzureSession =>
    createSession({
      subscriptionId,
      authority: { tokens: how.tokens, renew: how.renew, base, scope: config.armScope },
      headers: how.headers,
      timeoutMs: requestTimeoutMs,
      metricsUrl: config.metricsUrl,
      metricsScope: config.metricsScope,
    });

  return {
    config,
    reading: (subscriptionId) =>
      remember(sessions, subscriptionId, () =>
        sessionOf(subscriptionId, { tokens: readTokens(subscriptionId), renew: true, headers: {} }),
      ),
    async changing({ subscriptionId, role: wanted, headers }) {
      const tokens = tokensOf(subscription(subscriptionId).executorIdentities[wanted]);
      const { token, expiresOnTimestamp } = await tokens.getToken(config.armScope);
      const session = sessionOf(subscriptionId, { tokens, renew: false, headers });
      return { session, token, expiresAt: new Date(expiresOnTimestamp) };
    },
  };
}

interface SessionParts {
  readonly subscriptionId: string;
  readonly authority: Authority;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly metricsUrl: string;
  readonly metricsScope: string;
}

function createSession(parts: SessionParts): AzureSession {
  const { subscriptionId, authority } = parts;
  const policy = outgoing(parts.headers);
  const httpClient = createAzureHttpClient({ timeoutMs: parts.timeoutMs });
  const made = new Map<string, unknown>();
  const credential = authority.tokens;
  const settings = (base: string) => ({
    endpoint: base,
    allowInsecureConnection: true,
    httpClient,
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: 'idlewise' },
    additionalPolicies: [{ policy, position: 'perCall' as const }],
  });
  let ended = false;
  const lazy = <T extends { pipeline: Pipeline }>(key: string, at: Authority, create: () => T): T =>
    remember(made as Map<string, T>, key, () => {
      if (ended) throw new Error('the session was given up; ask for another');
      const client = create();
      secure(client.pipeline, at);
      return client;
    });
  const own = settings(authority.base);
  return {
    get compute() {
      return lazy('compute', authority, () => new ComputeManagementClient(credential, subscriptionId, own));
    },
    get network() {
      return lazy('network', authority, () => new NetworkManagementClient(credential, subscriptionId, own));
    },
    get sql() {
      return lazy('sql', authority, () => new SqlManagementClient(credential, subscriptionId, own));
    },
    get arm() {
      return remember(made as Map<string, ArmReads>, 'arm', () => createArmReads(authority, { policy, httpClient }));
    },
    metrics(region) {
      const field = { provider: 'azure-monitor', field: 'azure.metricsUrl' };
      const base = safeBase(parts.metricsUrl.replace('{region}', encodeURIComponent(region)), field);
      const at = { ...authority, base, scope: parts.metricsScope };
      return lazy(`metrics/${region}`, at, () => new MetricsClient(base, credential, settings(base)));
    },
    destroy() {
      ended = true;
      made.clear();
    },
  };
}

function remember<V>(map: Map<string, V>, key: string, create: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const value = create();
  map.set(key, value);
  return value;
}
