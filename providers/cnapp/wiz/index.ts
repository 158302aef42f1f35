import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { CnappPort } from '../../../ports/cnapp.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { createWizClient } from './client.ts';
import { failure, VENDOR } from './errors.ts';
import { idleSignals } from './idle-signals.ts';
import { imageFindings } from './images.ts';
import { listAssets, MAX_PAGE_SIZE } from './inventory.ts';
import { addIssueNote } from './notes.ts';
import { readPosture } from './posture.ts';
import { requestRescan, rescanStatus } from './rescan.ts';
import type { Wiz } from './section.ts';

export interface WizDeps extends HttpDeps {
  readonly config: Wiz;
  readonly secrets: SecretsPort;
  /** Per HTTP request. @default 30000 */
  readonly timeoutMs?: number;
  /** Bound on the pages of one list. @default 10000 */
  readonly maxPages?: number;
  /** Rows per page of a finding list. @default 500 */
  readonly findingPageSize?: number;
  /** Issues resolved within this many days count as part of the posture. @default 30 */
  readonly resolvedDays?: number;
}

const Total = z.object({ totalCount: z.number() });

/** Wiz as our CNAPP, over its GraphQL API with a service account. */
export function createWiz(deps: WizDeps): CnappPort {
  const { config, clock = Date.now, maxPages = 10_000 } = deps;
  const client = createWizClient({ ...deps, clock, timeoutMs: deps.timeoutMs ?? 30_000 });
  const paging = { pageSize: deps.findingPageSize ?? MAX_PAGE_SIZE, maxPages };
  const posture = {
    ...paging,
    detectionDays: config.detections ? config.detectionDays : null,
    resolvedDays: deps.resolvedDays ?? 30,
    clock,
  };
  return {
    vendor: VENDOR,
    listAssets: (query) => listAssets(client, query, maxPages),
    posture: (asset) => readPosture(client, asset, posture),
    requestRescan: (asset) => requestRescan(client, asset),
    rescanStatus: (rescanId) => rescanStatus(client, rescanId),
    addIssueNote: (note) => addIssueNote(client, note),
    idleSignals: (query) => idleSignals(client, query, paging),
    imageFindings: (digest) => imageFindings(client, digest, paging),
    check: async () => {
      const data = await client.query('check', { withDetections: config.detections });
      const total = Total.safeParse(data['cloudResourcesV2']);
      if (!total.success) throw failure('check', Kind.Malformed, 'cloudResourcesV2.totalCount is missing');
      if (total.data.totalCount === 0)
        throw failure(
          'check',
          Kind.Unauthorised,
          'no resource is visible: give the service account read:resources and its projects',
        );
      return `${total.data.totalCount} resources visible at ${new URL(config.apiUrl).host}`;
    },
  };
}
