import { z } from 'zod';
import { isProviderError } from '../../../ports/errors.ts';
import type { AwsLease, AwsLeaseRequest } from '../../../ports/secrets.ts';
import { vaultError } from './errors.ts';
import type { VaultSession } from './session.ts';

const Credentials = z.object({
  lease_id: z.string().min(1),
  renewable: z.boolean(),
  lease_duration: z.number().positive(),
  data: z.object({
    access_key: z.string().min(1),
    secret_key: z.string().min(1),
    security_token: z.string().nullish(),
    session_token: z.string().nullish(),
  }),
});
const Renewed = z.object({ lease_duration: z.number().nonnegative() });

export interface AwsLeases {
  lease(request: AwsLeaseRequest): Promise<AwsLease>;
  /** Ends what is still held. Never throws. */
  close(): Promise<void>;
}

/** Credentials of Vault's AWS engine, each with the lease that ends them. */
export function createAwsLeases(parts: {
  readonly session: VaultSession;
  readonly warn: (message: string) => void;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: (() => number) | undefined;
}): AwsLeases {
  const { session, warn, clock = Date.now } = parts;
  const held = new Map<string, AwsLease>();

  const revoke = async (leaseId: string, role: string): Promise<void> => {
    if (!held.has(leaseId)) return;
    try {
      await session.send({
        operation: `revoke the lease of ${role}`,
        method: 'POST',
        path: 'sys/leases/revoke',
        body: { lease_id: leaseId, sync: true },
        // 400: Vault no longer knows it, so it has ended.
        expect: [400],
      });
      held.delete(leaseId);
    } catch (error) {
      const why = isProviderError(error) ? error.message : 'unknown error';
      warn(`a lease of the AWS role ${role} could not be ended and lasts until it expires: ${why}`);
    }
  };

  return {
    async lease({ role, mount = 'aws' }) {
      const operation = `lease AWS credentials of ${mount}/${role}`;
      const { body } = await session.send({
        operation,
        method: 'GET',
        path: `${encodeURIComponent(mount)}/creds/${encodeURIComponent(role)}`,
        // A second request would be a second set of credentials that nobody ends.
        retry: false,
      });
      const parsed = Credentials.safeParse(body);
      if (!parsed.success) {
        const field = parsed.error.issues[0]?.path.join('.') ?? 'data';
        throw vaultError(operation, 'malformed', `the answer's ${field} is missing or of the wrong type`);
      }
      const { lease_id, renewable, lease_duration, data } = parsed.data;
      const madeUnder = session.generation();
      const sessionToken = data.session_token ?? data.security_token;
      let expiresAt = clock() + lease_duration * 1000;
      const lease: AwsLease = {
        accessKeyId: data.access_key,
        secretAccessKey: data.secret_key,
        ...(sessionToken ? { sessionToken } : {}),
        renewable,
        expiresAt: () => new Date(expiresAt),
        live: () => held.has(lease_id) && session.generation() === madeUnder && clock() < expiresAt,
        async renew() {
          const renewing = `renew the lease of ${role}`;
          const answer = await session.send({
            operation: renewing,
            method: 'POST',
            path: 'sys/leases/renew',
            body: { lease_id, increment: lease_duration },
          });
          const renewed = Renewed.safeParse(answer.body);
          if (!renewed.success) throw vaultError(renewing, 'malformed', 'the answer has no lease_duration');
          expiresAt = clock() + renewed.data.lease_duration * 1000;
        },
        revoke: () => revoke(lease_id, role),
      };
      held.set(lease_id, lease);
      return lease;
    },
    async close() {
      await Promise.all([...held.values()].map((lease) => lease.revoke()));
    },
  };
}
