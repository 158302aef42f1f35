import { z } from 'zod';
import type { AzureSession } from '../clients.ts';
import { idBefore } from '../ids.ts';
import { parseAzure } from './parse.ts';

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

const WireLock = z.object({ id: z.string(), properties: z.object({ level: z.string() }) });
const OPERATION = 'Microsoft.Authorization/locks/read';
const VERSION = '2020-05-01';

/** Every lock of a subscription, those on groups and single resources included. Throws ProviderError. */
export async function readLocks({ arm }: AzureSession, subscriptionId: string): Promise<readonly Lock[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/locks?api-version=${VERSION}`;
  const rows = parseAzure(z.array(WireLock), await arm.list(path, OPERATION), OPERATION);
  return rows.map((row) => ({
    scope: idBefore(row.id, '/providers/microsoft.authorization/locks/'),
    level: row.properties.level,
  }));
}

/** Locks are inherited by everything below their scope. */
export function lockedBy(locks: readonly Lock[], id: string): LockedBy {
  const mine = locks.filter(({ scope }) => id === scope || id.startsWith(`${scope}/`));
  return { deleting: mine.length > 0, changing: mine.some((lock) => lock.level !== 'CanNotDelete') };
}
