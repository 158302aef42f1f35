/** One member of the simulated workspace. Flags are Slack's own; all default to an ordinary confirmed member. */
export interface SlackUserSeed {
  readonly id: string;
  readonly handle: string;
  readonly realName: string;
  readonly email: string;
  readonly title?: string;
  readonly teamId?: string;
  readonly isBot?: boolean;
  readonly deleted?: boolean;
  readonly isRestricted?: boolean;
  readonly isUltraRestricted?: boolean;
  readonly isStranger?: boolean;
  readonly emailConfirmed?: boolean;
  /** Offered in the page's "acting as" list. */
  readonly canActInPage?: boolean;
}

export interface SlackDirectorySeed {
  readonly users: readonly SlackUserSeed[];
  readonly usergroups: readonly { id: string; handle: string; members: readonly string[] }[];
  readonly channels: readonly { id: string; name: string; topic?: string }[];
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface StoredMessage {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  text: string;
  blocks: JsonObject[];
  metadata: JsonObject | null;
  readonly threadTs: string | null;
  editedTs: string | null;
}

export interface Ephemeral {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: JsonObject[];
}

export interface OpenView {
  readonly id: string;
  readonly user: string;
  readonly view: JsonObject;
  readonly openedAt: number;
  errors: Record<string, string>;
}

/** One request the simulator sent to the app, kept so that it can be replayed byte for byte. */
export interface Delivery {
  readonly at: string;
  readonly kind: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  status: number;
  answer: string;
}

/** How a request to the app is spoiled. Several may be combined. */
export interface Misbehaviour {
  /** How often the very same signed request is delivered. */
  readonly deliveries?: number;
  /** Milliseconds between signing and sending. */
  readonly delayMs?: number;
  /** Seconds added to the timestamp before signing: negative is stale, positive lies in the future. */
  readonly timestampOffset?: number;
  readonly wrongSignature?: boolean;
  readonly wrongSecret?: boolean;
  readonly omitSignature?: boolean;
  /** Changes one byte of the body after signing. */
  readonly tamper?: boolean;
  /** Merged into the payload before signing, e.g. another team or app id. */
  readonly overrides?: JsonObject;
}

export interface SlackSimulatorOptions {
  readonly directory?: SlackDirectorySeed;
  /** Base URL of the app, read at each delivery: the app may start later than the simulator. */
  readonly appUrl?: () => string | null;
  readonly signingSecret: string;
  /** JSON file that keeps messages over a restart. */
  readonly stateFile?: string;
  readonly options?: {
    readonly botToken?: string;
    /** A second token that may only read people. */
    readonly peopleToken?: string;
    readonly teamId?: string;
    readonly teamDomain?: string;
    readonly teamName?: string;
    readonly appId?: string;
    readonly appName?: string;
    readonly triggerTtlMs?: number;
    readonly responseUrlTtlMs?: number;
    /** Messages per second and channel before 429; default: no limit. */
    readonly postsPerSecond?: number;
    readonly now?: () => number;
  };
}
