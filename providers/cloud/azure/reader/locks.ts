import { textOf } from '../../../rows.ts';
import type { AzureSession } from '../clients.ts';
import { idBefore } from '../ids.ts';

export interface Lock {
  /** Resource, resource group or subscription, in lower case. */
  readonly scope: string;
  /** `CanNotDelete`, `ReadOnly`; a word we do not know counts as both. */
  readonly level: string;
}

/** Of one resource: what its locks, and those of everything it is in, forbid. */
export interface LockedBy {
  readonly deleting: boolean;
  /** A read-only lock forbids to start and to stop as well. */
  readonly changing: boolean;
}

const OPERATION = 'Microsoft.Authorization/locks/read';
const VERSION = '2020-05-01';

/** Every lock of a subscription, those on groups and single resources included. Throws ProviderError. */
export async function readLocks({ arm }: AzureSession, subscriptionId: string): Promise<readonly Lock[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/locks?api-version=${VERSION}`;
  const rows = await arm.list(path, OPERATION);
  // What a lock does not say counts against us: without an id it locks everything, without a level it locks all the way.
  return rows.map((row) => ({
    scope: idBefore(
      textOf(row, 'id') ?? `/subscriptions/${subscriptionId}`,
      '/providers/microsoft.authorization/locks/',
    ),
    level: textOf(row, 'properties', 'level') ?? 'unreadable',
  }));
}

/** Locks are inherited by everything below their scope. */
export function lockedBy(locks: readonly Lock[], id: string): LockedBy {
  const mine = locks.filter(({ scope }) => id === scope || id.startsWith(`${scope}/`));
  return { deleting: mine.length > 0, changing: mine.some((lock) => lock.level !== 'CanNotDelete') };
}
