import type { ProviderErrorKind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { Seen, Step } from './scripted-server.ts';

/** What a vendor's client is made in. */
export interface World {
  /** Where every address of the configuration points. */
  readonly url: string;
  readonly timeoutMs: number;
  readonly secrets: SecretsPort;
  readonly clock: () => number;
  /** Moves the clock instead of waiting. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** One vendor in the table of the transport suite. */
export interface VendorRow {
  readonly name: string;
  /** One read that needs credentials, through the client as production makes it. */
  connect(world: World): { ask(): Promise<unknown> };
  /** What the path, or the body, of that read contains. */
  readonly path: string;
  /** What the vendor answers when all is well. */
  readonly good: Step;
  /** Other requests on the way to it, such as one for a token. */
  readonly others?: Readonly<Record<string, Step | ((request: Seen) => Step)>>;
  /** What the requests for tokens contain; null where a key is sent as it is. */
  readonly token: { readonly path: string; readonly lifeMs: number } | null;
  /** Header of the vendor's own that says when to come back, and what it asks for. */
  readonly wait?: { readonly headers: Readonly<Record<string, string>>; readonly ms: number };
  /** Cases that hold differently, each with the reason in a comment. */
  readonly kinds?: Readonly<Partial<Record<Case, ProviderErrorKind>>>;
  readonly skip?: Readonly<Partial<Record<Case, string>>>;
}

export type Case =
  | '429'
  | 'unstated 429'
  | '503'
  | 'silence'
  | 'silence inside the body'
  | 'too long'
  | 'broken JSON'
  | '401 once'
  | '401 for good'
  | '403'
  | 'a passing 404'
  | 'a passing 409'
  | 'a passing 400'
  | 'a lasting 404'
  | 'a redirect'
  | 'plain http'
  | 'one token'
  | 'a new token';
