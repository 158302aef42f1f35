import { fileURLToPath } from 'node:url';
import type { Config } from '../config/schema.ts';
import type { PolicyPort } from '../ports/policy.ts';
import type { SecretsPort } from '../ports/secrets.ts';
import type { MongoAuditLog } from '../providers/store/audit/create-mongo-audit-log.ts';
import type { Store } from '../ports/store.ts';

const POLICIES = fileURLToPath(new URL('../config/policies', import.meta.url));

/** Where the database is. */
export async function mongoOptions(config: Config, secrets: SecretsPort): Promise<{ uri: string; database: string }> {
  const { uri, database } = config.mongodb;
  return { uri: uri.startsWith('mongodb') ? uri : await secrets.resolve(uri), database };
}

export async function openStore(config: Config, secrets: SecretsPort): Promise<Store> {
  const { createMongoStore } = await import('../providers/store/mongodb/create-mongo-store.ts');
  return createMongoStore(await mongoOptions(config, secrets));
}

/** The trail for appending; only whoever passes `sign` holds the key that signs checkpoints and exports. */
export async function openAudit(
  config: Config,
  secrets: SecretsPort,
  options: { sign?: boolean } = {},
): Promise<MongoAuditLog> {
  const { createMongoAuditLog } = await import('../providers/store/audit/create-mongo-audit-log.ts');
  return createMongoAuditLog({
    ...(await mongoOptions(config, secrets)),
    signingKeyPem: options.sign ? await secrets.resolve(config.audit.signingKey) : null,
    anchorDir: config.audit.anchorDir,
  });
}

/** Strictly validated; throws instead of letting a worker poll with policies that could fail open. */
export async function loadPolicy(): Promise<PolicyPort> {
  const { loadCedarPolicy } = await import('../providers/policy/cedar/create-cedar-policy.ts');
  return loadCedarPolicy(POLICIES);
}
