import { setTimeout as delay } from 'node:timers/promises';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { AwsLease, AwsLeaseRequest, SecretsPort } from '../../../ports/secrets.ts';
import type { AwsCredentials } from './credentials.ts';

/** A base identity that exists only while it is used. */
export interface LeasedIdentity {
  /** Leases on first use, renews at two thirds of the lease. @throws ProviderError */
  credentials(): Promise<AwsCredentials>;
  /** Runs a change; when the last of those running ends, however it ends, the lease is ended too. */
  during<T>(change: () => Promise<T>): Promise<T>;
}

export interface LeasedIdentityOptions extends AwsLeaseRequest {
  readonly secrets: SecretsPort;
  /** Wait before new keys of an IAM user are used. @default 10000 */
  readonly settleMs?: number | undefined;
  /** A lease nobody asked for during this time is ended. @default 60000 */
  readonly idleMs?: number;
  /** Told when the lease was ended, so that sessions made from it are dropped. */
  readonly ended?: () => void;
}

export function createLeasedIdentity(options: LeasedIdentityOptions): LeasedIdentity {
  const { secrets, role, mount, settleMs = 10_000, idleMs = 60_000 } = options;
  let held: { lease: AwsLease; renewAt: number } | null = null;
  let pending: Promise<AwsLease> | null = null;
  let changes = 0;
  let idle: NodeJS.Timeout | undefined;

  const hold = (lease: AwsLease): AwsLease => {
    const now = Date.now();
    held = { lease, renewAt: now + ((lease.expiresAt().getTime() - now) * 2) / 3 };
    return lease;
  };
  const current = async (): Promise<AwsLease> => {
    const before = held;
    if (before?.lease.live()) {
      if (Date.now() < before.renewAt) return before.lease;
      if (before.lease.renewable) {
        const granted = before.lease.expiresAt().getTime();
        const renewed = await before.lease.renew().then(
          () => true,
          () => false,
        );
        // A renewal that adds nothing has met the maximum of the lease.
        if (renewed && before.lease.expiresAt().getTime() > granted) return hold(before.lease);
      }
    }
    if (!secrets.awsLease)
      throw new ProviderError({
        kind: ProviderErrorKind.Terminal,
        provider: 'aws',
        operation: `lease ${role}`,
        message: 'vaultAwsRole needs secrets.vault; add it to the configuration',
      });
    const lease = await secrets.awsLease({ role, mount });
    if (!lease.sessionToken) await delay(settleMs);
    hold(lease);
    await before?.lease.revoke();
    return lease;
  };
  const end = async (): Promise<void> => {
    clearTimeout(idle);
    await pending?.catch(() => undefined);
    // Somebody may have begun meanwhile.
    if (changes > 0 || held === null) return;
    const { lease } = held;
    held = null;
    options.ended?.();
    await lease.revoke();
  };
  const touch = () => {
    clearTimeout(idle);
    idle = setTimeout(() => void end(), idleMs).unref();
  };

  return {
    async credentials() {
      pending ??= current().finally(() => {
        pending = null;
      });
      const { accessKeyId, secretAccessKey, sessionToken } = await pending;
      touch();
      return brief({ accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) });
    },
    async during(change) {
      changes += 1;
      try {
        return await change();
      } finally {
        changes -= 1;
        if (changes === 0) await end();
      }
    },
  };
}

/** The SDK keeps credentials until shortly before they expire; it must not keep those whose lease we end ourselves. */
export function brief(credentials: AwsCredentials): AwsCredentials {
  return { ...credentials, expiration: new Date(Date.now() + 60_000) };
}
