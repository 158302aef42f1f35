import type { AccountNames } from './accounts.ts';
import type { ComputeClient } from './compute-client.ts';
import type { CspmClient } from './cspm-client.ts';
import type { PrismaConfig } from './section.ts';
import type { VendorNames } from './vendor-names.ts';

/** What every reading of this adapter is made from. */
export interface PrismaParts {
  readonly config: PrismaConfig;
  readonly cspm: CspmClient;
  /** Null: Compute is not used. */
  readonly compute: ComputeClient | null;
  readonly names: VendorNames;
  readonly accounts: AccountNames;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Bound on the pages of one list. */
  readonly maxPages: number;
}
