import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { addAwsEngine } from './aws-engine.ts';
import { failure } from './envelope.ts';
import { addKv } from './kv.ts';
import { type AppRole, endToken, type Guarded, type VaultState } from './state.ts';
import { addTokens } from './tokens.ts';

export interface VaultSimulator extends Simulator {
  readonly state: VaultState;
  /** Writes a new version of a KV v2 secret. */
  put(path: string, data: Readonly<Record<string, unknown>>): void;
  /** Ends every token at once, as an operator who revokes does. */
  expireTokens(): void;
}

export interface VaultSimulatorOptions {
  readonly roles: readonly (Partial<AppRole> & Pick<AppRole, 'roleId' | 'secretIds'>)[];
  /** Path prefixes by policy, e.g. `secret/data/idlewise/`. */
  readonly policies?: Readonly<Record<string, readonly string[]>>;
  readonly namespace?: string;
  readonly clock?: () => number;
}

/** Paths of the default policy, which every token has. */
const DEFAULT_POLICY = ['auth/token/lookup-self', 'auth/token/renew-self', 'auth/token/revoke-self', 'sys/leases/'];

/** HashiCorp Vault over HTTP: AppRole, KV v2, AWS engine, leases, health. Loopback only; the values are in memory. */
export function createVaultSimulator(options: VaultSimulatorOptions): VaultSimulator {
  const simulator = createSimulator('vault');
  const clock = options.clock ?? Date.now;
  const state: VaultState = {
    sealed: false,
    initialised: true,
    standby: 200,
    namespace: options.namespace ?? null,
    policies: new Map(Object.entries(options.policies ?? {})),
    roles: options.roles.map((role) => ({
      policies: [],
      tokenSeconds: 3600,
      maxSeconds: 86_400,
      tokenType: 'service',
      ...role,
    })),
    kv: new Map(),
    awsRoles: new Map(),
    tokens: new Map(),
    leases: new Map(),
  };
  const { app } = simulator;
  app.use('/v1/*', async (c, next) => {
    await next();
    c.res.headers.set('cache-control', 'no-store');
  });
  app.get('/v1/sys/health', (c) => {
    const { sealed, initialised, standby } = state;
    const standbyOk = c.req.query('standbyok') === 'true' || c.req.query('perfstandbyok') === 'true';
    const status = !initialised ? 501 : sealed ? 503 : standbyOk ? 200 : standby;
    return c.json(
      { initialized: initialised, sealed, standby: standby !== 200, version: '1.21.4', server_time_utc: secondsNow() },
      status as 200,
    );
  });
  app.get('/v1/sys/seal-status', (c) => c.json({ sealed: state.sealed, initialized: state.initialised, t: 3, n: 5 }));
  app.use('/v1/*', async (c, next) => {
    if (!state.initialised) return failure(c, 501, 'Vault is not initialized');
    if (state.sealed) return failure(c, 503, 'Vault is sealed');
    if (state.standby === 473) return failure(c, 473, 'perf standby');
    if (state.namespace !== null && c.req.header('x-vault-namespace') !== state.namespace)
      return failure(c, 404, 'no handler for route; route entry not found');
    return next();
  });

  const guarded: Guarded = async (c, answer) => {
    const now = clock();
    const given = c.req.header('x-vault-token') ?? c.req.header('authorization')?.replace(/^Bearer /, '');
    const token = given === undefined ? undefined : state.tokens.get(given);
    if (token && token.expiresAt <= now) endToken(state, token.id, now);
    if (!token || token.expiresAt <= now) return failure(c, 403, 'permission denied', 'invalid token');
    c.set('label' as never, token.accessor as never);
    const path = decodeURIComponent(c.req.path.replace(/^\/v1\//, ''));
    const allowed = [...DEFAULT_POLICY, ...token.policies.flatMap((p) => state.policies.get(p) ?? [])];
    if (!allowed.some((prefix) => path.startsWith(prefix))) return failure(c, 403, 'permission denied');
    return answer({ token, now });
  };
  addTokens({ app, state, guarded, clock });
  addAwsEngine({ app, state, guarded });
  addKv({ app, state, guarded });
  app.notFound((c) => failure(c, 404));

  function secondsNow(): number {
    return Math.floor(clock() / 1000);
  }

  return {
    ...simulator,
    state,
    put(path, data) {
      const versions = state.kv.get(path) ?? [];
      versions.push({ data, createdAt: clock(), deletedAt: null, destroyed: false });
      state.kv.set(path, versions);
    },
    expireTokens() {
      for (const id of state.tokens.keys()) endToken(state, id, clock());
    },
  };
}
