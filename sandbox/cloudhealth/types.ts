import type { BillSource } from '../kit/bill-source.ts';
import type { RateLimit } from '../kit/rate-window.ts';
import type { Simulator } from '../kit/simulator.ts';

/** A FlexReport somebody has made. */
export interface SeededReport {
  readonly id: string;
  readonly name: string;
  readonly cloud: 'aws' | 'azure' | 'gcp';
  /** How many days it goes back. @default 90 */
  readonly days?: number;
  /** Columns it does not select. */
  readonly without?: readonly string[];
  /** Its SQL leaves these services out. */
  readonly withoutServices?: readonly string[];
  /** False: it has never been run. @default true */
  readonly hasRun?: boolean;
}

export interface CloudHealthSimulatorOptions {
  /** The bill that CloudHealth has collected. */
  readonly bill: BillSource;
  /** @default 'cloudhealth-key' */
  readonly apiKey?: string;
  /** @default one per cloud, `crn:1:flexreports/<cloud>` */
  readonly reports?: readonly SeededReport[];
  /** @default 900 */
  readonly tokenSeconds?: number;
  /** How often a report is looked at before it has run to its end. @default 3 */
  readonly runPolls?: number;
  /** Rows in one file of a report. @default 50,000 */
  readonly fileRows?: number;
  /** How long the address of a file works. @default 300 */
  readonly addressSeconds?: number;
  /** Null: no limit. @default 60 and 30 a minute */
  readonly graphqlLimit?: RateLimit | null;
  readonly restLimit?: RateLimit | null;
  /** @default Date.now */
  readonly clock?: () => number;
}

/**
 * CloudHealth: REST and GraphQL on one address (`/graphql`), and the files of its reports. Beside the kit's routes:
 *   POST /__sim/expire-tokens        access tokens stop working
 *   POST /__sim/expire-addresses     addresses of files given out so far stop working
 *   POST /__sim/next-run             { "outcome": "COMPLETED" | "FAILED" | "STUCK" }: how the next runs end
 */
export interface CloudHealthSimulator extends Simulator {
  readonly expireTokens: () => void;
  readonly expireAddresses: () => void;
  readonly nextRun: (outcome: RunOutcome) => void;
  /** Reports run so far. */
  readonly runs: () => number;
}

export type RunOutcome = 'COMPLETED' | 'FAILED' | 'STUCK';
