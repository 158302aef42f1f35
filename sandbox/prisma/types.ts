import type { Estate, SeededAsset } from '../estate/types.ts';
import type { CloudState } from '../kit/part.ts';

export type { CloudState };
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Row = Record<string, Json>;

export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

export interface PrismaSimulatorOptions {
  readonly estate: Estate;
  /** Asked when one asset, or its alerts, are read. @default always present */
  readonly stateOf?: (asset: SeededAsset) => CloudState | Promise<CloudState>;
  /** A change of it is a change of configuration, which is taken in anew. @default never changes */
  readonly sizeOf?: (asset: SeededAsset) => Promise<string | null>;
  /** @default 'prisma-key' */
  readonly accessKeyId?: string;
  /** @default 'prisma-secret' */
  readonly secretKey?: string;
  /** Life of a token of either API, whatever the Compute token says of itself. @default 600 */
  readonly tokenSeconds?: number;
  /** Time between a change in the cloud being seen and it showing in the configuration. @default 0 */
  readonly ingestDelayMs?: number;
  /** Time between a change being seen and the alerts resolving. @default 200 */
  readonly resolveDelayMs?: number;
  /** Looks at hosts after an agentless scan was asked for, until `scanTime` moves. @default 3 */
  readonly scanPolls?: number;
  /** Token buckets by route, laid over those the vendor documents. */
  readonly rateLimits?: Readonly<Record<string, RateLimit>>;
  /** Repeat a row across pages and cut pages short. @default true */
  readonly untidyPages?: boolean;
  /** Values of `api.name` that this tenant does not have: a query that names one is refused. */
  readonly unknownApiNames?: readonly string[];
  /** Rows no client can read. @default true */
  readonly malformedRows?: boolean;
  /** JSON file in which dismissals, what was seen of the cloud, and scans survive a restart. */
  readonly stateFile?: string;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

/** Handles for tests, beside the admin routes. */
export interface PrismaControls {
  /** Every token of both APIs issued so far stops working. */
  expireTokens(): void;
  /** From now on this path is answered with 403 `permission_error`; null ends it. */
  deny(path: string | null): void;
  /** Requests answered at the same time, at most, since the start. */
  maxInFlight(): number;
}
