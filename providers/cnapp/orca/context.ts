import type { OrcaClient } from './client.ts';
import type { Models } from './models.ts';
import type { Orca } from './section.ts';
import type { ServingLayer } from './serving-layer.ts';

/** What the operations of the adapter share. */
export interface Context {
  readonly config: Orca;
  readonly client: OrcaClient;
  readonly serving: ServingLayer;
  readonly models: Models;
  /** Rows of a page of findings. */
  readonly pageSize: number;
  /** Rows of one question that the vendor shows. */
  readonly window: number;
  readonly maxPages: number;
  /** Alerts closed within this many days are part of the posture, so that a resolution can be seen. */
  readonly resolvedDays: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}
