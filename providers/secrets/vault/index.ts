import { z } from 'zod';
import type { Vault as VaultSection } from './section.ts';
import type { AwsLease, AwsLeaseRequest } from '../../../ports/secrets.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { createAwsLeases } from './aws-leases.ts';
import { vaultError, vaultStatusError } from './errors.ts';
import { createVaultSession } from './session.ts';
import { createVaultTransport } from './transport.ts';

export interface VaultRead {
  /** As it is written in the configuration, for error messages. */
  readonly reference: string;
  readonly mount: string;
  readonly path: string;
  readonly field: string;
}

export interface Vault {
  /** One field of the newest version in KV v2. @throws ProviderError */
  read(what: VaultRead): Promise<string>;
  awsLease(request: AwsLeaseRequest): Promise<AwsLease>;
  check(): Promise<string>;
  /** Ends every lease, then the token. Never throws. */
  close(): Promise<void>;
}

export interface VaultOptions extends HttpDeps {
  readonly config: VaultSection;
  /** Resolves `env:` and `file:`: what opens the store cannot be in it. */
  readonly local: (reference: string) => Promise<string>;
  readonly warn: (message: string) => void;
}

const Kv = z.object({ data: z.object({ data: z.record(z.string(), z.unknown()).nullable() }) });
const Health = z.object({ initialized: z.boolean(), sealed: z.boolean(), version: z.string() });

/** HashiCorp Vault or OpenBao. Nothing is asked before the first read. */
export function createVault({ config, local, warn, ...deps }: VaultOptions): Vault {
  const send = createVaultTransport({
    ...deps,
    address: config.address,
    namespace: config.namespace,
    caFile: config.caFile,
    timeoutMs: config.timeout,
  });
  const session = createVaultSession({
    send,
    clock: deps.clock,
    mount: config.appRoleMount,
    credentials: async () => ({ roleId: await local(config.roleId), secretId: await local(config.secretId) }),
  });
  const leases = createAwsLeases({ session, warn, clock: deps.clock });
  return {
    async read({ reference, mount, path, field }) {
      const operation = `read ${reference}`;
      const answer = await session.send({
        operation,
        method: 'GET',
        path: `${encodeURIComponent(mount)}/data/${path.split('/').map(encodeURIComponent).join('/')}`,
        expect: [404],
      });
      const parsed = Kv.safeParse(answer.body);
      if (answer.status === 404) {
        // Vault answers 404 with metadata for a version that was there.
        if (!parsed.success) throw vaultStatusError(operation, 404);
        throw vaultError(operation, 'not-found', 'its newest version was deleted or destroyed; write a new one');
      }
      if (!parsed.success || parsed.data.data.data === null)
        throw vaultError(operation, 'malformed', `the answer has no data.data; is the mount ${mount} of KV version 2?`);
      const fields = parsed.data.data.data;
      const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
      if (typeof value === 'string' && value !== '') return value;
      const found = value === undefined ? 'missing' : value === '' ? 'empty' : 'not text';
      throw vaultError(operation, 'not-found', `the field ${field} is ${found}; write it, or correct the reference`);
    },
    awsLease: (request) => leases.lease(request),
    async check() {
      const health = await send({
        operation: 'health',
        method: 'GET',
        path: 'sys/health?standbyok=true&perfstandbyok=true',
      });
      const parsed = Health.safeParse(health.body);
      if (!parsed.success)
        throw vaultError('health', 'malformed', 'the answer is not that of a Vault; check the address');
      await session.send({ operation: 'lookup-self', method: 'GET', path: 'auth/token/lookup-self' });
      return `Vault ${parsed.data.version} at ${config.address}: unsealed, AppRole logs in`;
    },
    async close() {
      await leases.close();
      await session.close();
    },
  };
}
