import type { SecretsPort } from '../../../ports/secrets.ts';
import type { CnappPort } from '../../../ports/cnapp.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { createAccountFacts } from './account-facts.ts';
import { createAlerts } from './alerts.ts';
import { check } from './check.ts';
import { createLaceworkClient } from './client.ts';
import { VENDOR } from './errors.ts';
import { idleSignals } from './idle.ts';
import { imageFindings } from './images.ts';
import { createInventory } from './inventory.ts';
import { addIssueNote } from './notes.ts';
import { readPosture } from './posture.ts';
import { createRescans } from './rescan.ts';
import type { Lacework } from './section.ts';

export interface LaceworkDeps extends HttpDeps {
  readonly config: Lacework;
  readonly secrets: SecretsPort;
  /** Bound on the pages of one list; a page has up to 5,000 rows. @default 1000 */
  readonly maxPages?: number;
}

/** Lacework (FortiCNAPP) as our CNAPP, over version 2 of its API with an API key. */
export function createLacework(deps: LaceworkDeps): Required<CnappPort> {
  const { config, clock = Date.now, maxPages = 1000 } = deps;
  const client = createLaceworkClient(deps);
  const reader = { client, config, maxPages, clock };
  const inventory = createInventory(reader);
  const facts = createAccountFacts(reader);
  const alerts = createAlerts(reader);
  const rescans = createRescans(reader);
  return {
    vendor: VENDOR,
    listAssets: inventory.listAssets,
    posture: (asset) => readPosture({ ...reader, alerts, facts }, asset),
    requestRescan: rescans.request,
    rescanStatus: rescans.status,
    addIssueNote: (note) => addIssueNote(client, note, maxPages),
    idleSignals: (query) => idleSignals({ ...reader, inventory, facts }, query),
    imageFindings: (digest) => imageFindings(reader, digest, clock()),
    check: () => check(client, config),
  };
}
