import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';

export interface VaultToken {
  readonly id: string;
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly renewable: boolean;
  readonly ttlSeconds: number;
  readonly maxAt: number;
  expiresAt: number;
}

export interface VaultLease {
  readonly id: string;
  /** The token it was made under: it ends with that one. */
  readonly token: string;
  readonly role: string;
  readonly renewable: boolean;
  readonly accessKeyId: string;
  readonly ttlSeconds: number;
  readonly maxAt: number;
  expiresAt: number;
  revokedAt: number | null;
}

export interface KvVersion {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly createdAt: number;
  deletedAt: number | null;
  destroyed: boolean;
}

export interface AppRole {
  readonly roleId: string;
  readonly policies: readonly string[];
  readonly tokenSeconds: number;
  readonly maxSeconds: number;
  readonly tokenType: 'service' | 'batch';
  /** Uses left by secret id; Infinity: no limit. */
  readonly secretIds: Map<string, number>;
}

export interface AwsEngineRole {
  readonly credentialType: 'assumed_role' | 'iam_user';
  readonly leaseSeconds: number;
  readonly maxSeconds: number;
}

/** Everything the simulated Vault knows. `policies` maps a policy to the path prefixes it may use. */
export interface VaultState {
  sealed: boolean;
  initialised: boolean;
  /** 200 active, 429 standby, 473 performance standby. */
  standby: 200 | 429 | 473;
  namespace: string | null;
  readonly policies: Map<string, readonly string[]>;
  readonly roles: AppRole[];
  readonly kv: Map<string, KvVersion[]>;
  readonly awsRoles: Map<string, AwsEngineRole>;
  readonly tokens: Map<string, VaultToken>;
  readonly leases: Map<string, VaultLease>;
}

/** What a route needs to know of who asks. */
export interface Caller {
  readonly token: VaultToken;
  readonly now: number;
}
export type Guarded = (c: Context, answer: (caller: Caller) => Response | Promise<Response>) => Promise<Response>;

export const secondsOf = (ms: number) => Math.max(0, Math.round(ms / 1000));

export function randomName(prefix: string, bytes = 18): string {
  return `${prefix}${randomBytes(bytes).toString('hex')}`;
}

/** Ends a token and what was leased under it, as revoking does. */
export function endToken(state: VaultState, id: string, now: number): void {
  state.tokens.delete(id);
  for (const lease of state.leases.values()) if (lease.token === id && lease.revokedAt === null) lease.revokedAt = now;
}

/** Grants a token to a role; ttl is capped by its maximum. */
export function grantToken(state: VaultState, role: AppRole, now: number): VaultToken {
  const token: VaultToken = {
    id: randomName('hvs.'),
    accessor: randomName('', 12),
    policies: ['default', ...role.policies],
    renewable: role.tokenType === 'service',
    ttlSeconds: role.tokenSeconds,
    maxAt: now + role.maxSeconds * 1000,
    expiresAt: now + Math.min(role.tokenSeconds, role.maxSeconds) * 1000,
  };
  state.tokens.set(token.id, token);
  return token;
}
