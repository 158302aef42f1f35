import { createCache } from './cache.ts';
import { readViolations } from './compliance.ts';
import { type Machine, readMachines } from './machine.ts';
import { type OpenGroups, openGroups } from './network.ts';
import { type ConfigurationRow, readSource } from './query.ts';
import type { Reader } from './reading.ts';

/** What is read for an account as a whole and used for each of its assets. */
export interface AccountFacts {
  violations(accountId: string): ReturnType<typeof readViolations>;
  openGroups(accountId: string): Promise<OpenGroups>;
  roles(accountId: string): Promise<readonly ConfigurationRow[]>;
  volumes(accountId: string): Promise<readonly ConfigurationRow[]>;
  /** By instance id. */
  machines(accountId: string): Promise<ReadonlyMap<string, Machine>>;
}

export function createAccountFacts(reader: Reader & { readonly clock: () => number }): AccountFacts {
  const { config, clock } = reader;
  const { sources } = config.names;
  const violations = createCache<Awaited<ReturnType<typeof readViolations>>>(config.accountFactsFor, clock);
  const machines = createCache<ReadonlyMap<string, Machine>>(config.accountFactsFor, clock);
  const rows = createCache<readonly ConfigurationRow[]>(config.accountFactsFor, clock);
  const read = (source: string, accountId: string) =>
    rows(`${source}/${accountId}`, () => readSource(reader, source, { accountId, now: clock() }));
  return {
    violations: (accountId) =>
      violations(accountId, () => readViolations(reader, accountId, { from: clock() - config.window, to: clock() })),
    openGroups: async (accountId) => openGroups(await read(sources.securityGroups, accountId)),
    roles: (accountId) => read(sources.roles, accountId),
    volumes: (accountId) => read(sources.volumes, accountId),
    machines: (accountId) => machines(accountId, () => readMachines(reader, accountId, clock())),
  };
}
