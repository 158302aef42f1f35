import type { Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Estate } from '../estate/types.ts';
import type { Row, Store } from './store.ts';

export type Env = { Variables: { user: string } };
export type Api = Hono<Env>;

export interface ServiceNowSimulatorOptions {
  /** The integration account. */
  readonly username?: string;
  readonly password?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Password of every human user, who signs in with the part of the e-mail address before the @. */
  readonly personPassword?: string;
  /** Seconds a token lives. */
  readonly tokenLifetime?: number;
  /** Decides changes that nobody's group is assigned to. */
  readonly changeGroup?: string;
  /** Risks (`risk` values) that the approval policy approves by itself. */
  readonly autoApprovedRisks?: readonly string[];
  /** How long a conflict or schedule job runs. */
  readonly jobDelayMs?: number;
  /** False: an instance without the Change Management API. */
  readonly changeApi?: boolean;
  /** `glide.invalid_query.returns_no_rows`. */
  readonly invalidQueryReturnsNoRows?: boolean;
  /** The Change API answers with lists of one, as some documented samples do. */
  readonly resultAsList?: boolean;
  /** Columns the integration account may not write: they come back in `ignoredFields`. */
  readonly unwritableFields?: readonly string[];
  /** Requests per hour and user; null for no rule. */
  readonly requestsPerHour?: number | null;
}

export type Settings = Required<ServiceNowSimulatorOptions>;

/** What every part of the simulator works on. */
export interface World {
  readonly estate: Estate;
  readonly store: Store;
  readonly settings: Settings;
  /** Rows the integration account may not see, by table and sys_id: limits count them, answers leave them out. */
  readonly hidden: Set<string>;
  /** Conflicts of a configuration item: a list of types, empty for a status that reads "Conflict" without any. */
  readonly conflicts: Map<string, readonly string[]>;
}

export const SETTINGS: Settings = {
  username: 'idlewise.integration',
  password: 'sandbox-password',
  clientId: 'idlewise-sandbox',
  clientSecret: 'sandbox-client-secret',
  personPassword: 'sandbox-person',
  tokenLifetime: 1799,
  changeGroup: 'Change Management',
  autoApprovedRisks: ['3', '4'],
  jobDelayMs: 300,
  changeApi: true,
  invalidQueryReturnsNoRows: false,
  resultAsList: false,
  unwritableFields: [],
  requestsPerHour: null,
};

/** ServiceNow's error envelope. */
export function failure(
  c: Context,
  status: ContentfulStatusCode,
  text: string | readonly [message: string, detail: string],
) {
  const [message, detail = null] = typeof text === 'string' ? [text] : text;
  return c.json({ error: { message, detail }, status: 'failure' }, status);
}

/** A refusal by the change model, an approval rule or a data policy. */
export class Refused extends Error {}

export function isHidden(world: World, row: Row, user: string): boolean {
  return user === world.settings.username && world.hidden.has(`${row.sys_class_name}/${row.sys_id}`);
}
