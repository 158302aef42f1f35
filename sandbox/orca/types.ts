import type { Estate, SeededAsset } from '../estate/types.ts';
import type { CloudState } from '../kit/part.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type { CloudState };

/** What tenants call differently, or what no public client settles. */
export interface TenantNames {
  readonly accountKey: string;
  readonly exploitKey: string;
  readonly kevKey: string;
  readonly imageModel: string;
  readonly imageDigestKey: string;
  /** How an alert names its asset. */
  readonly alertRelation: string;
}

/** A container image a registry holds. */
export interface ScannedImage {
  /** `sha256:…` */
  readonly digest: string;
  readonly name: string;
  readonly vulnerabilities: readonly { cve: string; severity: string; kev?: boolean; exploit?: boolean }[];
}

export interface OrcaSimulatorOptions {
  readonly estate: Estate;
  /** Asked when a scan or a discovery looks: alerts close only when the asset is really stopped or gone. @default present */
  readonly stateOf?: (asset: SeededAsset) => CloudState | Promise<CloudState>;
  /** @default 'orca-token' */
  readonly apiToken?: string;
  /** How often a scan is polled before it ends. @default 3 */
  readonly scanPolls?: number;
  /** Time between a look at the asset and its alerts being re-evaluated. @default 200 */
  readonly resolveDelayMs?: number;
  /** How often everything that cannot be scanned is read again. @default 1000 */
  readonly discoveryMs?: number;
  /** Short pages, and a row that arrives while pages are read. @default true */
  readonly untidyPages?: boolean;
  /** Rows no client can read. @default true */
  readonly malformedRows?: boolean;
  /** Rows of one question that are shown. @default 10000 */
  readonly window?: number;
  /** Requests allowed within a time. `header: false` leaves out Retry-After. @default none */
  readonly rateLimit?: { readonly requests: number; readonly perMs: number; readonly header: boolean };
  /** Names of models this tenant does not have. @default none */
  readonly unknownModels?: readonly string[];
  /** Names of keys this tenant does not have. @default none */
  readonly unknownKeys?: readonly string[];
  /** @default none */
  readonly images?: readonly ScannedImage[];
  /** The names this tenant uses where the vendor documents none. @default see world.ts */
  readonly names?: Partial<TenantNames>;
  /** JSON file in which comments, scans and what was seen survive a restart. */
  readonly stateFile?: string;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

/** How the next scans end. `stuck` is a word no client knows, without an end. */
export type ScanOutcome = 'done' | 'failed' | 'stuck';

/** Handles for tests and for the demo, beside the admin routes. */
export interface OrcaControls {
  scanOutcome(outcome: ScanOutcome): void;
  /** The token stops working; another one starts to. */
  replaceToken(token: string): void;
  /** Requests answered at the same time, at most, since the start. */
  maxInFlight(): number;
}
