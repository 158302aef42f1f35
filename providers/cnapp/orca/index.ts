import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { CnappPort } from '../../../ports/cnapp.ts';
import type { HttpDeps } from '../../http/deps.ts';
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

export interface OrcaDeps extends HttpDeps {
  readonly config: Orca;
  readonly secrets: SecretsPort;
  /** Bound on the pages of one inventory. @default 10000 */
  readonly maxPages?: number;
  /** Rows per page of findings. @default 1000 */
  readonly findingPageSize?: number;
  /** Rows of one question that the vendor shows. @default 10000 */
  readonly window?: number;
  /** Alerts closed within this many days count as part of the posture. @default 30 */
  readonly resolvedDays?: number;
}

/** Orca Security as our CNAPP, over its REST interface with an API token. */
export function createOrca(deps: OrcaDeps): CnappPort {
  const { config, clock = Date.now } = deps;
  const client = createOrcaClient(deps);
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
      return `${total} assets visible at ${new URL(config.apiUrl).host}`;
    },
  };
}
