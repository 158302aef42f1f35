import { type Config, SecretRef } from '../config/schema.ts';
import type { SecretsPort } from '../ports/secrets.ts';
import type { WorkerRole } from '../compose/task-queues.ts';

/** The sections whose secrets a role's parts use (see `ACTIVITIES_OF`). A new vendor inside one of them needs no line here. */
const SECTIONS_OF: Record<WorkerRole, (config: Config) => readonly unknown[]> = {
  orchestration: () => [],
  read: (c) => [
    c.mongodb,
    c.aws.readIdentity,
    c.accounts,
    c.azure?.readIdentity,
    c.gcp?.readCredentials,
    c.cnapp,
    c.cost,
    c.servicenow,
    c.signing.read,
  ],
  assess: (c) => [c.mongodb, c.model, c.memory, c.signing.assess],
  // Not the secrets of what comes in: only the apps that receive presses and webhooks have those.
  notify: (c) => [
    c.mongodb,
    c.servicenow,
    c.tickets.jira && { ...c.tickets.jira, webhookSecret: null },
    c.slack && { ...c.slack, signingSecret: null, peopleToken: null },
    c.chat,
    c.cnapp,
    c.routing.recommendations && c.routing,
  ],
  execute: (c) => [
    c.mongodb,
    c.aws.executorIdentity,
    c.accounts,
    c.azure?.subscriptions,
    c.gcp?.executorCredentials,
    c.cnapp,
    c.routing,
    c.servicenow,
    c.signing.execute,
    c.slack && [c.slack.peopleToken ?? c.slack.botToken],
    c.chat.teams,
  ],
  audit: (c) => [c.mongodb, c.audit, c.telemetry],
};

/** Every secret reference a worker of this role may resolve under this configuration, sorted. */
export function secretReferencesOf(role: WorkerRole, config: Config): readonly string[] {
  const found = new Set<string>();
  for (const section of [config.temporal, ...SECTIONS_OF[role](config)]) collect(section, found);
  return [...found].sort();
}

/** Roles of Vault's AWS engine a worker of this role may lease from. */
function awsRolesOf(role: WorkerRole, config: Config): readonly (string | undefined)[] {
  if (role === 'read') return [config.aws.readIdentity?.vaultAwsRole];
  return role === 'execute' ? [config.aws.executorIdentity?.vaultAwsRole] : [];
}

/**
 * The secrets of one role and no others, whatever else the process could reach. The store's own policy for the role's login
 * is the outer fence; this one shows a wrong composition at once.
 */
export function secretsFor(role: WorkerRole, config: Config, secrets: SecretsPort): SecretsPort {
  const own = new Set(secretReferencesOf(role, config));
  const { awsLease } = secrets;
  return {
    async resolve(reference) {
      if (own.has(reference)) return secrets.resolve(reference);
      const shown = SecretRef.safeParse(reference).success ? reference : 'something that is no reference';
      throw new Error(`the ${role} worker may not read ${shown}: no section of the configuration it uses names it`);
    },
    ...(awsLease
      ? {
          async awsLease(request) {
            if (awsRolesOf(role, config).includes(request.role)) return awsLease(request);
            throw new Error(`the ${role} worker may not lease AWS credentials of ${request.role}`);
          },
        }
      : {}),
  };
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') {
    if (SecretRef.safeParse(value).success) into.add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) collect(part, into);
  }
}
