import { isProviderError, ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { CnappPort, InventoryPage, InventoryQuery, KnownAsset, RescanStatus } from '../../../ports/cnapp.ts';
import { mergePostures } from './merge-postures.ts';
import type { InventoryMemory } from './plausible.ts';
import { implausibility } from './plausible.ts';

export interface CombinedCnappOptions {
  /** In the order in which they are believed. */
  readonly sources: readonly CnappPort[];
  readonly memory: InventoryMemory;
  /** Share of the last known total below which a source is refused. */
  readonly implausibleBelow: number;
}

/**
 * One or several CNAPPs as one. Inventory is read source after source; posture is what all of them say together, the more
 * exposed answer winning; a rescan has ended well when it has ended well everywhere. Ids carry the vendor in front
 * (`orca:…`), so that a run which waits for weeks still asks the right one.
 */
export function combineCnapps({ sources, memory, implausibleBelow }: CombinedCnappOptions): CnappPort {
  const vendor = sources.map((s) => s.vendor).join('+');
  const byVendor = new Map(sources.map((s) => [s.vendor, s]));
  const known = (source: CnappPort, asset: KnownAsset): KnownAsset => ({
    ...asset,
    vendorId: idFor(source, asset.vendorId, byVendor),
  });

  return {
    vendor,

    async listAssets(query: InventoryQuery): Promise<InventoryPage> {
      const { index, cursor } = readCursor(query.cursor);
      const source = sources[index];
      if (source === undefined)
        throw terminal(vendor, 'listAssets', 'the cursor names a source that is not configured');
      const page = await source.listAssets({ ...query, cursor });
      const following = index + 1 < sources.length ? `${index + 1}|` : null;
      const refusal = cursor === null ? await implausibility({ source, page, query, memory, implausibleBelow }) : null;
      if (refusal)
        return { assets: [], rejected: [refusal], nextCursor: following, totalCount: null, source: source.vendor };
      return {
        ...page,
        source: source.vendor,
        assets: page.assets.map((a) => ({ ...a, vendorId: `${source.vendor}:${a.vendorId}` })),
        nextCursor: page.nextCursor === null ? following : `${index}|${page.nextCursor}`,
      };
    },

    async posture(asset) {
      const answers = await eachKnowing(sources, (source) => source.posture(known(source, asset)));
      if (answers.length === 0) throw notFound(vendor, 'posture', 'no configured CNAPP has ever seen this asset');
      return mergePostures(answers.map(({ source, value }) => ({ vendor: source.vendor, posture: value })));
    },

    async requestRescan(asset) {
      const answers = await eachKnowing(sources, (source) => source.requestRescan(known(source, asset)));
      if (answers.length === 0) throw notFound(vendor, 'requestRescan', 'no configured CNAPP has ever seen this asset');
      return { rescanId: JSON.stringify(answers.map(({ source, value }) => [source.vendor, value.rescanId])) };
    },

    async rescanStatus(rescanId) {
      const asked = readRescanId(rescanId, sources[0]?.vendor ?? '');
      const states = await Promise.all(
        asked.map(async ([name, id]) => {
          const source = byVendor.get(name);
          if (source === undefined) throw terminal(vendor, 'rescanStatus', `${name} is not configured any more`);
          return source.rescanStatus(id);
        }),
      );
      return worst(states);
    },

    async addIssueNote(note) {
      const source = ownerOf(note.issueId, byVendor) ?? sources[0];
      if (source === undefined) throw terminal(vendor, 'addIssueNote', 'no CNAPP is configured');
      return source.addIssueNote({ ...note, issueId: stripped(note.issueId, source.vendor) });
    },

    async idleSignals(query) {
      const answers = await Promise.all(sources.flatMap((s) => s.idleSignals?.(query) ?? []));
      return answers.flat();
    },

    async imageFindings(digest) {
      const able = sources.filter((s) => s.imageFindings !== undefined);
      const answers = await eachKnowing(able, (source) => source.imageFindings?.(digest) ?? Promise.resolve([]));
      if (answers.length === 0) throw notFound(vendor, 'imageFindings', 'no configured CNAPP has scanned this image');
      return answers.flatMap(({ value }) => value);
    },

    async check() {
      return (await Promise.all(sources.map(async (s) => `${s.vendor}: ${await s.check()}`))).join('; ');
    },
  };
}

/** Answers of every source that has the asset. What one source cannot say for another reason than that fails the whole. */
async function eachKnowing<T>(
  sources: readonly CnappPort[],
  ask: (source: CnappPort) => Promise<T>,
): Promise<readonly { source: CnappPort; value: T }[]> {
  const answers = await Promise.all(
    sources.map(async (source) => {
      try {
        return { source, value: await ask(source) };
      } catch (error) {
        if (isProviderError(error, ProviderErrorKind.NotFound)) return null;
        throw error;
      }
    }),
  );
  return answers.filter((a) => a !== null);
}

const ORDER: readonly RescanStatus[] = ['failed', 'timed-out', 'skipped', 'pending', 'running', 'succeeded'];

/** A scan that failed anywhere has not looked everywhere. */
function worst(states: readonly RescanStatus[]): RescanStatus {
  return ORDER.find((state) => states.includes(state)) ?? 'failed';
}

function readCursor(cursor: string | null): { index: number; cursor: string | null } {
  if (cursor === null) return { index: 0, cursor: null };
  const cut = cursor.indexOf('|');
  const index = Number(cursor.slice(0, cut));
  if (cut < 1 || !Number.isInteger(index))
    throw terminal('cnapp', 'listAssets', 'the cursor is not one this client gave out; start the partition again');
  const rest = cursor.slice(cut + 1);
  return { index, cursor: rest === '' ? null : rest };
}

function readRescanId(rescanId: string, first: string): readonly (readonly [string, string])[] {
  try {
    const parsed: unknown = JSON.parse(rescanId);
    if (Array.isArray(parsed)) return parsed as [string, string][];
  } catch {
    // An id from before several sources could be configured.
  }
  return [[first, rescanId]];
}

function ownerOf(id: string, byVendor: ReadonlyMap<string, CnappPort>): CnappPort | undefined {
  return byVendor.get(id.slice(0, Math.max(0, id.indexOf(':'))));
}

/** An id without a vendor in front belongs to the first source; one of another vendor says nothing to this one. */
function idFor(source: CnappPort, id: string | null, byVendor: ReadonlyMap<string, CnappPort>): string | null {
  if (id === null) return null;
  const owner = ownerOf(id, byVendor);
  if (owner === undefined) return source === [...byVendor.values()][0] ? id : null;
  return owner === source ? stripped(id, source.vendor) : null;
}

const stripped = (id: string, vendor: string): string =>
  id.startsWith(`${vendor}:`) ? id.slice(vendor.length + 1) : id;

function terminal(provider: string, operation: string, message: string): ProviderError {
  return new ProviderError({ kind: ProviderErrorKind.Terminal, provider, operation, message });
}

function notFound(provider: string, operation: string, message: string): ProviderError {
  return new ProviderError({ kind: ProviderErrorKind.NotFound, provider, operation, message });
}
