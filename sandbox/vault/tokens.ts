import type { Hono } from 'hono';
import { z } from 'zod';
import { envelope, failure } from './envelope.ts';
import { endToken, type Guarded, grantToken, secondsOf, type VaultState, type VaultToken } from './state.ts';

const Login = z.object({ role_id: z.string(), secret_id: z.string() });
const Increment = z.object({ increment: z.union([z.string(), z.number()]).optional() });

/** AppRole login and what a token may do about itself. */
export function addTokens(parts: {
  readonly app: Hono;
  readonly state: VaultState;
  readonly guarded: Guarded;
  readonly clock: () => number;
}): void {
  const { app, state, guarded, clock } = parts;
  app.post('/v1/auth/approle/login', async (c) => {
    const body = Login.safeParse(await c.req.json().catch(() => null));
    if (!body.success) return failure(c, 400, 'missing role_id or secret_id');
    const role = state.roles.find((r) => r.roleId === body.data.role_id);
    const uses = role?.secretIds.get(body.data.secret_id) ?? 0;
    if (!role || uses <= 0) return failure(c, 400, 'invalid role or secret ID');
    role.secretIds.set(body.data.secret_id, uses - 1);
    return envelope(c, { auth: authOf(grantToken(state, role, clock()), clock()) });
  });
  app.get('/v1/auth/token/lookup-self', (c) =>
    guarded(c, ({ token, now }) =>
      envelope(c, {
        data: {
          id: token.id,
          accessor: token.accessor,
          policies: token.policies,
          renewable: token.renewable,
          ttl: secondsOf(token.expiresAt - now),
          explicit_max_ttl: 0,
          expire_time: new Date(token.expiresAt).toISOString(),
          type: token.renewable ? 'service' : 'batch',
        },
      }),
    ),
  );
  app.post('/v1/auth/token/renew-self', (c) =>
    guarded(c, async ({ token, now }) => {
      if (!token.renewable) return failure(c, 400, 'batch tokens cannot be renewed');
      const { increment } = Increment.parse(await c.req.json().catch(() => ({})));
      const seconds = Number.parseInt(String(increment ?? token.ttlSeconds), 10) || token.ttlSeconds;
      token.expiresAt = Math.min(now + seconds * 1000, token.maxAt);
      return envelope(c, { auth: authOf(token, now) });
    }),
  );
  app.post('/v1/auth/token/revoke-self', (c) =>
    guarded(c, ({ token, now }) => {
      endToken(state, token.id, now);
      return c.body(null, 204);
    }),
  );
}

function authOf(token: VaultToken, now: number): object {
  return {
    client_token: token.id,
    accessor: token.accessor,
    policies: token.policies,
    token_policies: token.policies,
    metadata: null,
    lease_duration: secondsOf(token.expiresAt - now),
    renewable: token.renewable,
    entity_id: '',
    token_type: token.renewable ? 'service' : 'batch',
    orphan: true,
    mfa_requirement: null,
    num_uses: 0,
  };
}
