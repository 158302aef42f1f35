import type { IndexDescription } from 'mongodb';
import type { Connection } from './connect.ts';
import { guard } from './errors.ts';

/** Every query of the store has one; `_id` needs none. Names are fixed so that a second start finds them. */
export const STORE_INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  assets: [
    { name: 'by_account', key: { 'asset.accountId': 1, 'asset.region': 1, _id: 1 } },
    { name: 'by_region', key: { 'asset.region': 1, _id: 1 } },
    { name: 'by_sweep', key: { sweepId: 1, _id: 1 } },
  ],
  opportunities: [
    { name: 'by_priority', key: { priority: -1, _id: 1 } },
    { name: 'by_sweep', key: { sweepId: 1, priority: -1, _id: 1 } },
  ],
  approvals: [{ name: 'by_status', key: { status: 1, expiresAt: 1 } }],
  decisions: [
    { name: 'one_verdict_per_person', key: { approvalId: 1, person: 1, kind: 1, optionId: 1 }, unique: true },
    { name: 'by_approval', key: { approvalId: 1, recordedAt: 1 } },
  ],
  ledger: [{ name: 'by_asset', key: { assetKey: 1 } }],
  remediations: [
    { name: 'by_update', key: { updatedAt: -1 } },
    { name: 'by_stage', key: { stage: 1, updatedAt: -1 } },
    { name: 'by_outcome', key: { outcome: 1, updatedAt: -1 } },
    { name: 'by_account', key: { accountId: 1, updatedAt: -1 } },
  ],
  sweeps: [{ name: 'by_start', key: { startedOn: -1 } }],
  sweep_pages: [{ name: 'by_sweep', key: { sweepId: 1 } }],
  quarantine: [{ name: 'by_sweep', key: { sweepId: 1 } }],
  cache: [{ name: 'expiry', key: { expiresOn: 1 }, expireAfterSeconds: 0 }],
  claims: [{ name: 'expiry', key: { expiresOn: 1 }, expireAfterSeconds: 0 }],
};

/** Creates what is missing; an existing equal index is left alone, an unequal one of the same name is an error. */
export async function ensureIndexes(
  connection: Connection,
  indexes: Readonly<Record<string, readonly IndexDescription[]>>,
): Promise<void> {
  for (const [name, wanted] of Object.entries(indexes))
    await guard(`createIndexes ${name}`, connection.indexTimeoutMs, () =>
      connection.collection(name).createIndexes([...wanted]),
    );
}
