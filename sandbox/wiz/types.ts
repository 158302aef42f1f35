import type { Estate, SeededAsset } from '../estate/types.ts';
import type { CloudState } from '../kit/part.ts';

export type { CloudState };

export interface WizSimulatorOptions {
  readonly estate: Estate;
  /** Asked when a scan ends: findings resolve only when the asset is really stopped or gone. @default always present */
  readonly stateOf?: (asset: SeededAsset) => CloudState | Promise<CloudState>;
  /** @default 'wiz-client' */
  readonly clientId?: string;
  /** @default 'wiz-secret' */
  readonly clientSecret?: string;
  /** Life of an access token. @default 3600 */
  readonly tokenSeconds?: number;
  /** How often a scan is polled before it ends: pending, in progress, then the outcome. @default 3 */
  readonly scanPolls?: number;
  /** Time between a successful scan and the issues being re-evaluated. @default 200 */
  readonly resolveDelayMs?: number;
  /** Repeat a row across pages and cut pages short, as a moving inventory does. @default true */
  readonly untidyPages?: boolean;
  /** Rows no client can read. @default true */
  readonly malformedRows?: boolean;
  /** Tags people gave a rule, by its name. @default none */
  readonly ruleTags?: Readonly<Record<string, readonly { readonly key: string; readonly value: string | null }[]>>;
  /** Whether the tenant has cloud cost switched on. @default true */
  readonly cloudCost?: boolean;
  /** JSON file in which notes, scans and resolved issues survive a restart. */
  readonly stateFile?: string;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

/** How the next scans end. */
export type ScanOutcome = 'SUCCESS' | 'FAILURE' | 'SKIPPED' | 'TIMED_OUT';
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Row = Record<string, Json>;

/** Handles for tests and for the demo, beside the admin routes. */
export interface WizControls {
  /** Every token issued so far stops working. */
  expireTokens(): void;
  scanOutcome(outcome: ScanOutcome): void;
  /** Requests answered at the same time, at most, since the start. */
  maxInFlight(): number;
}
