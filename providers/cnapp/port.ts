import type { AssetRef, InventoryAsset, ResourceType } from '../../schemas/asset.ts';
import type { Posture } from '../../schemas/posture.ts';

export interface InventoryQuery {
  readonly accountId: string;
  readonly region: string;
  readonly resourceTypes: readonly ResourceType[];
  /** Opaque; null for the first page. */
  readonly cursor: string | null;
  readonly pageSize: number;
}

/** A row the vendor sent that could not be read. Recorded and skipped, never silently dropped. */
export interface RejectedRow {
  readonly field: string;
  readonly found: string;
  readonly fix: string;
  readonly rowId: string | null;
}

export interface InventoryPage {
  readonly assets: readonly InventoryAsset[];
  readonly rejected: readonly RejectedRow[];
  readonly nextCursor: string | null;
  readonly totalCount: number | null;
}

export const RescanStatus = ['pending', 'running', 'succeeded', 'failed', 'skipped', 'timed-out'] as const;
export type RescanStatus = (typeof RescanStatus)[number];

/** A cloud-native application protection platform: inventory, posture, rescan, write-back. Throws ProviderError. */
export interface CnappPort {
  readonly vendor: string;
  /** One page; a page may hold fewer rows than asked while more exist. Duplicate rows across pages are possible. */
  listAssets(query: InventoryQuery): Promise<InventoryPage>;
  /** Full posture of one asset. `not-found` when the vendor has never seen it. */
  posture(asset: Pick<AssetRef, 'assetKey' | 'resourceType'> & { vendorId: string }): Promise<Posture>;
  /** Asks for a rescan of one asset. */
  requestRescan(asset: { vendorId: string; resourceType: ResourceType }): Promise<{ rescanId: string }>;
  rescanStatus(rescanId: string): Promise<RescanStatus>;
  /** Adds a note to an issue unless one carrying `marker` is already there. */
  addIssueNote(note: { issueId: string; marker: string; text: string }): Promise<{ noteId: string; created: boolean }>;
  /** One cheap authenticated read for `idlewise doctor`; throws with the missing permission or setting. */
  check(): Promise<string>;
}
