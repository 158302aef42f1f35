import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { CnappPort } from '../../../ports/cnapp.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { createAccountNames, visibleAccounts } from './accounts.ts';
import { createComputeClient } from './compute-client.ts';
import type { PrismaParts } from './context.ts';
import { createCspmClient } from './cspm-client.ts';
import { failure, VENDOR } from './errors.ts';
import { readIdleSignals } from './idle-signals.ts';
import { imageFindings } from './images.ts';
import { listAssets } from './inventory.ts';
import { addIssueNote } from './notes.ts';
import { readPosture } from './posture.ts';
import { requestRescan, rescanStatus } from './rescan.ts';
import type { PrismaConfig } from './section.ts';
import { vendorNames } from './vendor-names.ts';

export interface PrismaDeps extends HttpDeps {
  readonly config: PrismaConfig;
  readonly secrets: SecretsPort;
  /** Bound on the pages of one list. @default 10000 */
  readonly maxPages?: number;
}

/** Prisma Cloud as our CNAPP: configuration and alerts over its CSPM API, workloads over its Compute API. */
export function createPrisma(deps: PrismaDeps): CnappPort {
  const { config, clock = Date.now, maxPages = 10_000 } = deps;
  const cspm = createCspmClient(deps);
  const compute = config.compute ? createComputeClient(deps, cspm, maxPages) : null;
  const accounts = createAccountNames(cspm, clock);
  const parts: PrismaParts = { config, cspm, compute, names: vendorNames(config), accounts, clock, maxPages };
  return {
    vendor: VENDOR,
    listAssets: (query) => listAssets(parts, query),
    posture: (asset) => readPosture(parts, asset),
    requestRescan: (asset) => requestRescan(parts, asset),
    rescanStatus: (rescanId) => rescanStatus(parts, rescanId),
    addIssueNote: (note) => addIssueNote(parts, note),
    idleSignals: (query) => readIdleSignals(parts, query),
    ...(compute ? { imageFindings: (digest: string) => imageFindings(compute, digest, config.imagePages) } : {}),
    check: async () => {
      const { size } = await visibleAccounts(cspm);
      if (size === 0)
        throw failure(
          'check',
          Kind.Unauthorised,
          'no cloud account is visible: give the role of the access key an account group',
        );
      return `${size} cloud accounts visible at ${new URL(config.apiUrl).host}`;
    },
  };
}
