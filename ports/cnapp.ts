import type { AssetRef, InventoryAsset, ResourceType } from '../schemas/asset.ts';
import type { Finding, Posture } from '../schemas/posture.ts';
import type { RejectedRow } from './rows.ts';

export interface InventoryQuery {
  readonly accountId: string;
  readonly region: string;
  readonly resourceTypes: readonly ResourceType[];
  /** Opaque; null for the first page. */
  readonly cursor: string | null;
  readonly pageSize: number;
}

export interface InventoryPage {
  readonly assets: readonly InventoryAsset[];
  readonly rejected: readonly RejectedRow[];
  readonly nextCursor: string | null;
  readonly totalCount: number | null;
  /** Which vendor it came from, where several are combined. */
  readonly source?: string;
}

export const RescanStatus = ['pending', 'running', 'succeeded', 'failed', 'skipped', 'timed-out'] as const;
export type RescanStatus = (typeof RescanStatus)[number];

/** An asset as its readers know it. `vendorId` null: the vendor has to look it up by the asset key. */
export type KnownAsset = AssetRef & { readonly vendorId: string | null };

/** A vendor's own opinion that something is unused. Shown as evidence; it never makes a verdict. */
export interface IdleSignal {
  readonly assetKey: string;
  /** The vendor's word, e.g. `WASTE`, `unattached`. */
  readonly kind: string;
  readonly title: string;
  readonly observedAt: string;
}

/** A cloud-native application protection platform: inventory, posture, rescan, write-back. Throws ProviderError. */
export interface CnappPort {
  readonly vendor: string;
  /** One page; a page may hold fewer rows than asked while more exist. Duplicate rows across pages are possible. */
  listAssets(query: InventoryQuery): Promise<InventoryPage>;
  /** Full posture of one asset, threat detections included (class 2004). `not-found` when the vendor has never seen it. */
  posture(asset: KnownAsset): Promise<Posture>;
  /**
   * Asks for a rescan of one asset. A vendor without one answers with an id that says since when newer data is waited for;
   * `rescanStatus` is then `running` until its own data is newer. Ids are opaque, hold no state of ours and outlive a restart.
   */
  requestRescan(asset: KnownAsset): Promise<{ rescanId: string }>;
  rescanStatus(rescanId: string): Promise<RescanStatus>;
  /** Adds a note to an issue unless one carrying `marker` is already there. */
  addIssueNote(note: { issueId: string; marker: string; text: string }): Promise<{ noteId: string; created: boolean }>;
  /** What the vendor itself thinks idle or wasted in one account and region. Left out: it has no such signal. */
  idleSignals?(query: { accountId: string; region: string }): Promise<readonly IdleSignal[]>;
  /** Vulnerabilities of a container image by its manifest digest (`sha256:…`); `not-found` when it was never scanned. */
  imageFindings?(digest: string): Promise<readonly Finding[]>;
  /** One cheap authenticated read for `idlewise doctor`; throws with the missing permission or setting. */
  check(): Promise<string>;
}
