import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { CspmClient } from './cspm-client.ts';
import { failure, firstProblem } from './errors.ts';

const Accounts = z.array(z.object({ id: z.string().nullish(), name: z.string().nullish() }));
const KEEP_MS = 10 * 60_000;
const OPERATION = 'cloud-accounts';

export interface AccountNames {
  /** The name by which queries know an account. */
  nameOf(accountId: string): Promise<string>;
}

/** How many accounts the access key sees: the cheapest authenticated read there is. */
export async function visibleAccounts(cspm: CspmClient): Promise<ReadonlyMap<string, string>> {
  const parsed = Accounts.safeParse((await cspm.call({ operation: OPERATION, path: '/cloud/name' })) ?? []);
  if (!parsed.success) throw failure(OPERATION, Kind.Malformed, firstProblem(parsed.error));
  return new Map(parsed.data.flatMap(({ id, name }) => (id && name ? [[id, name] as const] : [])));
}

/** Read once in ten minutes. An account that is not visible is an error: an empty inventory would look like a clean one. */
export function createAccountNames(cspm: CspmClient, clock: () => number): AccountNames {
  let kept: { readonly names: Promise<ReadonlyMap<string, string>>; readonly until: number } | undefined;
  return {
    nameOf: async (accountId) => {
      if (!kept || clock() >= kept.until) {
        const names = visibleAccounts(cspm);
        kept = { names, until: clock() + KEEP_MS };
        names.catch(() => {
          kept = undefined;
        });
      }
      const name = (await kept.names).get(accountId);
      if (name !== undefined) return name;
      throw failure(
        OPERATION,
        Kind.Unauthorised,
        `account ${accountId} is not visible: onboard it, and give the role of the access key its account group`,
      );
    },
  };
}
