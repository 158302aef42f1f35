import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { RDSClient } from '@aws-sdk/client-rds';
import { STSClient } from '@aws-sdk/client-sts';
import type { Aws, AwsAccount } from './section.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { type AwsCredentials, assumeRole, cachedCredentials, keysOf } from './credentials.ts';
import { createRequestHandler } from './request-handler.ts';
import { brief, createLeasedIdentity, type LeasedIdentity } from './leased-identity.ts';

/** Whose rights the clients carry: the reader, or one of the executor's two roles (there: reads only, see below). */
export type AwsRole = 'read' | 'reversible' | 'destructive';

export interface AwsClientsOptions {
  readonly config: Aws;
  readonly accounts: readonly AwsAccount[];
  readonly secrets: SecretsPort;
  readonly role: AwsRole;
  /** @default 30000 */
  readonly requestTimeoutMs?: number;
  /** @default 3; Cost Explorer always uses 1, because every attempt is billed. */
  readonly maxAttempts?: number;
}

/** Clients of one account and region. Created on first use and kept. */
export interface RegionalClients {
  readonly ec2: EC2Client;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly autoScaling: AutoScalingClient;
  readonly rds: RDSClient;
  readonly cloudWatch: CloudWatchClient;
  readonly cloudTrail: CloudTrailClient;
  /** Global: always signed for us-east-1. */
  readonly costExplorer: CostExplorerClient;
  destroy(): void;
}

export interface AwsClients {
  /**
   * Without `credentials`: a cached session of the configured role. With: exactly those, nothing is cached, and one attempt
   * only, because such a session changes things and a retry after a lost answer would be a second effect.
   */
  clientsFor(scope: { accountId: string; region: string; credentials?: AwsCredentials }): RegionalClients;
  /** Drops the cached session of an account, so that the next `clientsFor` makes a new one: it was revoked or expired early. */
  forget(accountId: string): void;
  /** STS under the base identity, for AssumeRole calls that carry their own session policy. */
  sts(region: string): STSClient;
  /** The configured account. Throws a terminal ProviderError when it is not in the configuration. */
  account(accountId: string): AwsAccount;
  externalId(accountId: string): Promise<string>;
  /** Runs a change. A leased base identity and the sessions made from it are given up when the last change ends. */
  duringChange<T>(change: () => Promise<T>): Promise<T>;
  destroy(): void;
}

const SESSION_SECONDS = 3600;
/** What the executor may do outside an action: look. Effects need a session of their own, made for one action on one ARN. */
const READ_ONLY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: [
        'ec2:Describe*',
        'elasticloadbalancing:Describe*',
        'autoscaling:Describe*',
        'rds:Describe*',
        'cloudwatch:GetMetricData',
      ],
      Resource: '*',
    },
  ],
});

/** SDK clients per account and region, under one identity, against AWS or one configured endpoint. */
export function createAwsClients(options: AwsClientsOptions): AwsClients {
  const { config, accounts, secrets, role } = options;
  const identity = role === 'read' ? config.readIdentity : config.executorIdentity;
  const settings = {
    maxAttempts: options.maxAttempts ?? 3,
    timeoutMs: options.requestTimeoutMs ?? 30_000,
    ...(config.endpoint === null ? {} : { endpoint: config.endpoint }),
  };
  const byScope = new Map<string, RegionalClients>();
  const sessions = new Map<string, () => Promise<AwsCredentials>>();
  const stsByRegion = new Map<string, STSClient>();
  const leased: LeasedIdentity | null = identity?.vaultAwsRole
    ? createLeasedIdentity({
        secrets,
        role: identity.vaultAwsRole,
        mount: identity.vaultAwsMount,
        settleMs: identity.vaultAwsSettle,
        ended: () => sessions.clear(),
      })
    : null;
  const base = leased?.credentials ?? (identity ? cachedCredentials(() => keysOf(identity, secrets)) : undefined);

  const account = (accountId: string) => {
    const found = accounts.find((a) => a.accountId === accountId);
    if (found) return found;
    throw new ProviderError({
      kind: ProviderErrorKind.Terminal,
      provider: 'aws',
      operation: 'clientsFor',
      message: `account ${accountId} is not configured; add it under accounts`,
    });
  };
  const externalId = (accountId: string) => secrets.resolve(account(accountId).externalId);
  const sts = (region: string) =>
    remember(
      stsByRegion,
      region,
      () => new STSClient({ ...withHandler(settings), region, ...(base ? { credentials: base } : {}) }),
    );

  const roleSession = (accountId: string, region: string): (() => Promise<AwsCredentials>) | undefined => {
    const { readRoleArn, executorRoleArns } = account(accountId);
    const roleArn = role === 'read' ? readRoleArn : executorRoleArns[role];
    if (roleArn === null) return base;
    const session = () =>
      remember(sessions, accountId, () =>
        cachedCredentials(async () =>
          assumeRole(sts(region), {
            roleArn,
            sessionName: `idlewise-${role}`,
            durationSeconds: SESSION_SECONDS,
            externalId: await externalId(accountId),
            ...(role === 'read' ? {} : { policy: READ_ONLY, sourceIdentity: 'idlewise-executor-read' }),
          }),
        ),
      );
    return leased ? async () => brief(await session()()) : session();
  };

  return {
    account,
    externalId,
    sts,
    duringChange: (change) => leased?.during(change) ?? change(),
    clientsFor({ accountId, region, credentials }) {
      if (credentials) return createRegional({ ...settings, maxAttempts: 1, region, credentials });
      return remember(byScope, `${accountId}/${region}`, () => {
        const session = roleSession(accountId, region);
        return createRegional({ ...settings, region, ...(session ? { credentials: session } : {}) });
      });
    },
    forget(accountId) {
      sessions.delete(accountId);
      for (const [key, held] of byScope) {
        if (!key.startsWith(`${accountId}/`)) continue;
        byScope.delete(key);
        held.destroy();
      }
    },
    destroy() {
      for (const clients of byScope.values()) clients.destroy();
      for (const client of stsByRegion.values()) client.destroy();
    },
  };
}

interface ClientSettings {
  readonly region: string;
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  readonly endpoint?: string;
  readonly credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
}

function createRegional(settings: ClientSettings): RegionalClients {
  const made = new Map<string, { destroy(): void }>();
  const lazy = <T extends { destroy(): void }>(key: string, create: () => T) =>
    remember(made as Map<string, T>, key, create);
  return {
    get ec2() {
      return lazy('ec2', () => new EC2Client(withHandler(settings)));
    },
    get elb() {
      return lazy('elb', () => new ElasticLoadBalancingV2Client(withHandler(settings)));
    },
    get autoScaling() {
      return lazy('autoScaling', () => new AutoScalingClient(withHandler(settings)));
    },
    get rds() {
      return lazy('rds', () => new RDSClient(withHandler(settings)));
    },
    get cloudWatch() {
      return lazy('cloudWatch', () => new CloudWatchClient(withHandler(settings)));
    },
    get cloudTrail() {
      return lazy('cloudTrail', () => new CloudTrailClient(withHandler(settings)));
    },
    get costExplorer() {
      return lazy(
        'ce',
        () => new CostExplorerClient({ ...withHandler(settings), region: 'us-east-1', maxAttempts: 1 }),
      );
    },
    destroy() {
      for (const client of made.values()) client.destroy();
    },
  };
}

/** A handler for each client: whoever destroys one must not cut the others' connections. */
function withHandler<S extends { readonly timeoutMs: number }>({ timeoutMs, ...settings }: S) {
  return { ...settings, requestHandler: createRequestHandler(timeoutMs) };
}

function remember<V>(map: Map<string, V>, key: string, create: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const value = create();
  map.set(key, value);
  return value;
}
