import type { Fetch } from './exchange.ts';

/** What a test gives a client instead of the world. */
export interface HttpDeps {
  /** @default globalThis.fetch */
  readonly fetch?: Fetch | undefined;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: (() => number) | undefined;
  /** How a turn, or the pause before asking again, is waited for. @default a timer */
  readonly sleep?: ((ms: number) => Promise<unknown>) | undefined;
}
