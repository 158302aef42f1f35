import type { Hono } from 'hono';
import { z } from 'zod';
import { envelope, failure } from './envelope.ts';
import { type Guarded, randomName, secondsOf, type VaultLease, type VaultState } from './state.ts';

const LeaseBody = z.object({ lease_id: z.string(), increment: z.number().optional() });

/** `aws/creds/<role>` and the leases it hands out. */
export function addAwsEngine({ app, state, guarded }: { app: Hono; state: VaultState; guarded: Guarded }): void {
  app.get('/v1/aws/creds/:role', (c) =>
    guarded(c, ({ token, now }) => {
      const name = c.req.param('role') ?? '';
      const role = state.awsRoles.get(name);
      if (!role) return failure(c, 400, `Role "${name}" not found`);
      const user = role.credentialType === 'iam_user';
      const lease: VaultLease = {
        id: `aws/creds/${name}/${randomName('', 12)}`,
        token: token.id,
        role: name,
        renewable: user,
        accessKeyId: `${user ? 'AKIA' : 'ASIA'}${randomName('', 8).toUpperCase()}`,
        ttlSeconds: role.leaseSeconds,
        maxAt: now + role.maxSeconds * 1000,
        expiresAt: now + role.leaseSeconds * 1000,
        revokedAt: null,
      };
      state.leases.set(lease.id, lease);
      const session = user ? null : randomName('session-');
      return envelope(c, {
        lease_id: lease.id,
        renewable: lease.renewable,
        lease_duration: role.leaseSeconds,
        data: {
          access_key: lease.accessKeyId,
          secret_key: randomName('aws-secret-'),
          security_token: session,
          session_token: session,
          arn: user ? null : `arn:aws:sts::123456789012:assumed-role/${name}/vault`,
        },
      });
    }),
  );
  const held = (id: string, now: number) => {
    const lease = state.leases.get(id);
    return lease && lease.revokedAt === null && lease.expiresAt > now ? lease : null;
  };
  const body = async (c: { req: { json(): Promise<unknown> } }) =>
    LeaseBody.safeParse(await c.req.json().catch(() => null));

  app.on(['POST', 'PUT'], '/v1/sys/leases/renew', (c) =>
    guarded(c, async ({ now }) => {
      const asked = await body(c);
      const lease = asked.success ? held(asked.data.lease_id, now) : null;
      if (!asked.success || !lease) return failure(c, 400, 'lease not found');
      if (!lease.renewable) return failure(c, 400, 'lease is not renewable');
      lease.expiresAt = Math.min(now + (asked.data.increment ?? lease.ttlSeconds) * 1000, lease.maxAt);
      const lease_duration = secondsOf(lease.expiresAt - now);
      return envelope(c, { lease_id: lease.id, renewable: true, lease_duration });
    }),
  );
  app.on(['POST', 'PUT'], '/v1/sys/leases/revoke', (c) =>
    guarded(c, async ({ now }) => {
      const asked = await body(c);
      const lease = asked.success ? held(asked.data.lease_id, now) : null;
      if (!lease) return failure(c, 400, 'lease not found');
      lease.revokedAt = now;
      return c.body(null, 204);
    }),
  );
}
