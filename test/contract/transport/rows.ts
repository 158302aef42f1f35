import type { VendorRow } from './row.ts';
import { CNAPP_ROWS } from './rows-cnapp.ts';
import { COST_ROWS } from './rows-cost.ts';
import { OTHER_ROWS } from './rows-others.ts';

/** Every client that speaks HTTP with a vendor. A new vendor is a row. */
export const ROWS: readonly VendorRow[] = [...CNAPP_ROWS, ...COST_ROWS, ...OTHER_ROWS];
