import type { BillSource } from '../kit/bill-source.ts';
import type { RateLimit } from '../kit/rate-window.ts';
import type { Simulator } from '../kit/simulator.ts';

export interface VantageSimulatorOptions {
  /** The bill that Vantage has imported. */
  readonly bill: BillSource;
  /** @default 'vantage-token' */
  readonly token?: string;
  /** What the token may do. @default ['read'] */
  readonly scope?: readonly string[];
  /** With more than one, cost queries must name theirs. @default one */
  readonly workspaces?: readonly { token: string; name: string; currency?: string; converts?: boolean }[];
  /** Cost endpoints. @default 5 requests in 5 s; null: no limit */
  readonly costLimit?: RateLimit | null;
  /** Everything. @default 1,000 in an hour; null: no limit */
  readonly hourlyLimit?: RateLimit | null;
  /** Rows on a page at most, whatever `limit` asks for: a short page is not the last one. @default what is asked for */
  readonly pageRows?: number;
  /** Days the import is behind the bill. @default 0 */
  readonly lagDays?: number;
  /** For the limits. @default Date.now */
  readonly clock?: () => number;
}

/**
 * Vantage's API v2. Beside the kit's `/__sim/*` routes:
 *   POST /__sim/expire-token      the token stops working
 *   POST /__sim/slip              { rows }: from the second page on, rows slip back by so many, as during an import
 */
export interface VantageSimulator extends Simulator {
  readonly expireToken: () => void;
  /** The next query's second page begins so many rows early or late. */
  readonly slip: (rows: number) => void;
  /** Requests to the cost endpoints answered with 200. */
  readonly costRequests: () => number;
}
