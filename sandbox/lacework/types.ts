import type { Estate, SeededAsset } from '../estate/types.ts';
import type { CloudState } from '../kit/part.ts';

export type { CloudState };
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Row = Readonly<Record<string, Json>>;

export interface LaceworkSimulatorOptions {
  readonly estate: Estate;
  /** Asked when a collection ends and when alerts are read. @default always present */
  readonly stateOf?: (asset: SeededAsset) => CloudState | Promise<CloudState>;
  /** @default 'LW_KEY_1' */
  readonly keyId?: string;
  /** @default '_lacework-secret' */
  readonly secret?: string;
  /** JSON file in which collections, comments and closed alerts survive a restart. */
  readonly stateFile?: string;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
  /** Longest life of a token, whatever was asked for. @default 3600 */
  readonly tokenSeconds?: number;
  /** Time between an asset being stopped or gone and its alerts being closed. @default 200 */
  readonly resolveDelayMs?: number;
  /** How often a scan is asked for before it is done: pending, scanning, then available. @default 3 */
  readonly scanPolls?: number;
  /** Time between the end of a collection and its rows being found. @default 0 */
  readonly ingestDelayMs?: number;
  /** Rows of a page; the vendor's clients cannot ask for fewer. @default 5000 */
  readonly pageRows?: number;
  /** Requests an hour that each part of the API takes. @default 480 */
  readonly requestsPerHour?: number;
  /** Whether answers say how many requests are left. @default true */
  readonly rateHeaders?: boolean;
  /** Rows no client can read. @default true */
  readonly malformedRows?: boolean;
  /** Names of running machines whose agent was last heard of four days ago. @default ['devbox-2'] */
  readonly silentAgents?: readonly string[];
}

/** Handles for tests and for the demo, beside the admin routes. */
export interface LaceworkControls {
  /** Every token issued so far stops working. */
  expireTokens(): void;
  /** Scans stay where they are until this is set back. */
  holdScans(hold: boolean): void;
  /** Scans end without any new row, as when the collection itself failed. */
  loseCollections(lose: boolean): void;
  /** Requests answered at the same time, at most, since the start. */
  maxInFlight(): number;
  /** Manifest digests of the images it knows. */
  readonly images: Readonly<Record<'vulnerable' | 'clean' | 'old' | 'unknown', string>>;
}

/** What every part of the simulator works with. */
export interface World {
  readonly estate: Estate;
  readonly clock: () => number;
  /** The asset as a collection that ended by `at` saw it. */
  stateAt(asset: SeededAsset, at: number): CloudState;
}
