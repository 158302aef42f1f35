import type { Config } from '../../config/schema.ts';
import { resolveOwner } from '../../domain/owner.ts';
import type { Store } from '../../ports/store.ts';
import type { AssetDocument, Opportunity, RemediationDocument } from '../../schemas/records.ts';
import { type KnownOwner, type UnifiedRecord, unifiedRecord } from './record.ts';

/** More than an estate has open; assets themselves are streamed. */
const MANY = 1_000_000;

export interface ExportDeps {
  readonly store: Store;
  readonly config: Pick<Config, 'directory' | 'policy'>;
}

/** The unified record of every asset the store knows, in order of asset key, read page by page. */
export async function* unifiedRecords({ store, config }: ExportDeps): AsyncGenerator<UnifiedRecord> {
  // Newest first: what is said last about an asset is what counts.
  const remediations = firstByAsset(await store.remediations.list({ limit: MANY }));
  const sweep = await store.sweeps.latest();
  // Highest priority first.
  const opportunities: ReadonlyMap<string, Opportunity> = sweep
    ? firstByAsset(await store.opportunities.ranked({ sweepId: sweep.sweepId, limit: MANY }))
    : new Map();
  for await (const document of store.assets.list()) {
    const { assetKey } = document.asset;
    const remediation = remediations.get(assetKey) ?? null;
    const approval = remediation?.approvalId ? await store.approvals.get(remediation.approvalId) : null;
    yield unifiedRecord(document, {
      remediation,
      riskScore: approval?.riskScore ?? null,
      opportunity: opportunities.get(assetKey) ?? null,
      owner: approval
        ? { subject: approval.ownerSubject, team: approval.ownerTeam }
        : ownerOf(document, { remediation, config }),
    });
  }
}

/** What the remediation found out, else what the tags and the CMDB say; the default nobody chose is no owner. */
function ownerOf(
  { asset, cmdb }: AssetDocument,
  { remediation, config }: { remediation: RemediationDocument | null; config: ExportDeps['config'] },
): KnownOwner | null {
  const { ownerTagKeys: tagKeys } = config.policy;
  const owner = resolveOwner({ tags: asset.tags, tagKeys, cmdb, creator: null, directory: config.directory });
  if (owner.source !== 'finops-default') return owner;
  return remediation?.ownerTeam ? { subject: null, team: remediation.ownerTeam } : null;
}

function firstByAsset<T extends { readonly assetKey: string }>(rows: readonly T[]): Map<string, T> {
  const first = new Map<string, T>();
  for (const row of rows) if (!first.has(row.assetKey)) first.set(row.assetKey, row);
  return first;
}
