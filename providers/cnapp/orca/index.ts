import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { CnappPort } from '../../../ports/cnapp.ts';
import { createOrcaClient } from './client.ts';
import type { Context } from './context.ts';
import { failure, VENDOR } from './errors.ts';
import { idleSignals } from './idle-signals.ts';
import { imageFindings } from './images.ts';
import { listAssets, READ_ASSETS } from './inventory.ts';
import { modelsOf } from './models.ts';
import { addIssueNote } from './notes.ts';
import { PAGE_SIZE, WINDOW } from './paging.ts';
import { readPosture } from './posture.ts';
import { requestRescan, rescanStatus } from './rescan.ts';
import type { Orca } from './section.ts';
import { createServingLayer } from './serving-layer.ts';

export interface OrcaDeps {
  readonly config: Orca;
  readonly secrets: SecretsPort;
  /** @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch;
  /** Bound on the pages of one inventory. @default 10000 */
  readonly maxPages?: number;
  /** Rows per page of findings. @default 1000 */
  readonly findingPageSize?: number;
  /** Rows of one question that the vendor shows. @default 10000 */
  readonly window?: number;
  /** Alerts closed within this many days count as part of the posture. @default 30 */
  readonly resolvedDays?: number;
  /** Waits at the rate limit. @default a timer */
  readonly sleep?: (ms: number) => Promise<unknown>;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Orca Security as our CNAPP, over its REST interface with an API token. */
export function createOrca(deps: OrcaDeps): CnappPort {
  const { config, secrets, clock = Date.now } = deps;
  const url = new URL(config.apiUrl);
  if (url.protocol !== 'https:' && !LOOPBACK.has(url.hostname))
    throw failure(
      'configure',
      Kind.Terminal,
      `cnapp.orca.apiUrl is ${url.protocol}//…; plain http is for loopback only`,
    );
  const client = createOrcaClient({
    config,
    secrets,
    transport: { fetch: deps.fetch ?? globalThis.fetch, timeoutMs: config.timeout },
    ...(deps.sleep ? { sleep: deps.sleep } : {}),
  });
  const serving = createServingLayer(client);
  const context: Context = {
    config,
    client,
    serving,
    models: modelsOf(config),
    pageSize: deps.findingPageSize ?? PAGE_SIZE,
    window: deps.window ?? WINDOW,
    maxPages: deps.maxPages ?? 10_000,
    resolvedDays: deps.resolvedDays ?? 30,
    clock,
  };
  return {
    vendor: VENDOR,
    listAssets: (query) => listAssets(context, query),
    posture: (asset) => readPosture(context, asset),
    requestRescan: (asset) => requestRescan(context, asset),
    rescanStatus: (rescanId) => rescanStatus(context, rescanId),
    addIssueNote: (note) => addIssueNote(context, note),
    idleSignals: (query) => idleSignals(context, query),
    imageFindings: (digest) => imageFindings(context, digest),
    check: async () => {
      const { total } = await serving.ask({
        operation: 'check',
        models: ['Inventory'],
        conditions: [],
        orderBy: 'AssetUniqueId',
        limit: 1,
        start: 0,
        needs: READ_ASSETS,
      });
      if (total === null) throw failure('check', Kind.Malformed, 'total_items is missing; check cnapp.orca.apiUrl');
      if (total === 0)
        throw failure('check', Kind.Unauthorised, `no asset is visible: the token must be allowed to ${READ_ASSETS}`);
      return `${total} assets visible at ${url.host}`;
    },
  };
}
