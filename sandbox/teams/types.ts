/** One account of the simulated tenant; flags default to an ordinary member of the team. */
export interface TeamsUserSeed {
  /** Channel account, `29:…`. */
  readonly id: string;
  /** Entra object id. */
  readonly objectId: string;
  readonly handle: string;
  readonly name: string;
  readonly email: string;
  readonly title?: string;
  readonly tenantId?: string;
  readonly guest?: boolean;
  /** Left the team: can still send what an old window shows, and is no member any more. */
  readonly gone?: boolean;
  /** Offered in the page's "acting as" list. */
  readonly canActInPage?: boolean;
}

export interface TeamsDirectorySeed {
  readonly users: readonly TeamsUserSeed[];
  readonly channels: readonly { id: string; name: string; topic?: string }[];
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface StoredMessage {
  /** Milliseconds as text, unique in the tenant. */
  readonly id: string;
  /** Without `;messageid=`. */
  readonly conversation: string;
  readonly threadOf: string | null;
  text: string;
  textFormat: string;
  summary: string;
  card: JsonObject | null;
  /** What windows that were not refreshed may still show. */
  earlier: JsonObject[];
  edited: boolean;
}

/** What Teams shows under a card to the one who pressed. */
export interface Note {
  readonly at: string;
  readonly user: string;
  readonly messageId: string;
  readonly text: string;
  readonly problem: boolean;
}

/** One request the simulator sent to the app, kept so that it can be replayed byte for byte. */
export interface Delivery {
  readonly at: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  status: number;
  answer: string;
}

/** How a request to the app is spoiled. Several may be combined. */
export interface Misbehaviour {
  /** How often the very same request is delivered. */
  readonly deliveries?: number;
  /** Seconds added to the activity's time: negative is stale, positive lies in the future. */
  readonly timestampOffset?: number;
  /** Seconds added to the life of the token: -7200 has expired. */
  readonly tokenOffset?: number;
  /** Signed with a key nobody published, under the id of one that is. */
  readonly wrongKey?: boolean;
  readonly unknownKey?: boolean;
  /** `HS256` takes the public key for a shared secret. */
  readonly algorithm?: 'none' | 'HS256';
  readonly omitToken?: boolean;
  /** Replaces or, with null, removes claims of the token. */
  readonly claims?: JsonObject;
  /** Merged into the activity. */
  readonly overrides?: JsonObject;
  /** Sent instead of the activity. */
  readonly body?: string;
}

export interface TeamsSimulatorOptions {
  readonly directory?: TeamsDirectorySeed;
  /** Base URL of the app, read at each delivery: the app may start later than the simulator. */
  readonly appUrl?: () => string | null;
  /** Client secret of the bot. */
  readonly appPassword: string;
  /** JSON file that keeps messages over a restart. */
  readonly stateFile?: string;
  readonly options?: {
    /** @default SANDBOX_APP_ID */
    readonly appId?: string;
    /** @default SANDBOX_TENANT_ID */
    readonly tenantId?: string;
    readonly tenantName?: string;
    readonly appName?: string;
    /** Life of the connector's tokens in seconds. @default 3600 */
    readonly tokenSeconds?: number;
    /** Messages per second and conversation before 429; default: no limit. */
    readonly postsPerSecond?: number;
    readonly now?: () => number;
  };
}
