import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { KnownAsset } from '../../../ports/cnapp.ts';
import { refOfValues } from './asset-key.ts';
import { has, isIn } from './conditions.ts';
import type { Context } from './context.ts';
import { failure, Refusal } from './errors.ts';
import { READ_ASSETS } from './inventory.ts';
import { PAGE_SIZE, readWhole } from './paging.ts';
import { instant, rowOf, text, type Values, valuesOf } from './values.ts';

const Text = z.string().nullish().catch(null);
const Texts = z.array(z.string()).nullish().catch(null);
const Tier = z.record(z.string(), z.unknown());

const Document = z.looseObject({
  asset_unique_id: Text,
  asset_state: Text,
  cloud_vendor_id: z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .catch(null),
  internet_facing: z.boolean().nullish().catch(null),
  asset_labels: Texts,
  state: z.looseObject({ last_seen: z.unknown() }).nullish().catch(null),
  compute: z.looseObject({ iam_role: z.unknown(), public_ips: Texts }).nullish().catch(null),
  model: z
    .looseObject({ data: z.record(z.string(), Tier.catch({})).nullish().catch(null) })
    .nullish()
    .catch(null),
});

/** What `GET /api/assets/{id}` says of one asset. */
export interface OrcaAsset {
  readonly vendorId: string;
  readonly accountId: string | null;
  readonly state: string | null;
  readonly lastSeenAt: string | null;
  readonly internetFacing: boolean | null;
  readonly labels: readonly string[];
  readonly iamRole: unknown;
  /** Every key of every model of the asset: the instance itself, its Compute, its Inventory. */
  readonly values: Values;
}

/** Throws `not-found` when Orca has no such asset. */
export async function getAsset(context: Context, vendorId: string): Promise<OrcaAsset> {
  const operation = 'asset';
  const body = await context.client.call({
    operation,
    method: 'GET',
    path: `/api/assets/${encodeURIComponent(vendorId)}`,
    needs: READ_ASSETS,
  });
  const outer = z.looseObject({ asset: z.unknown() }).safeParse(body);
  const parsed = Document.safeParse(outer.data?.asset ?? body);
  if (!parsed.success || (parsed.data.asset_unique_id ?? vendorId) !== vendorId)
    throw failure(operation, Kind.Malformed, `the answer is not the asset ${vendorId}; check cnapp.orca.apiUrl`);
  const { data } = parsed;
  const tiers = Object.values(data.model?.data ?? {}).map(valuesOf);
  return {
    vendorId,
    accountId: data.cloud_vendor_id ?? null,
    state: data.asset_state ?? null,
    lastSeenAt: instant(data.state?.last_seen),
    internetFacing: data.internet_facing ?? null,
    labels: data.asset_labels ?? [],
    iamRole: data.compute?.iam_role,
    values: Object.assign({}, ...tiers) as Values,
  };
}

/** Vendor ids may come to mean another asset; a posture is used only when the document names the asset that was asked for. */
export function assertSame(context: Context, found: OrcaAsset, asset: KnownAsset): void {
  const { accountId } = found;
  const ref = refOfValues(found.values, context.config.idKeys, { ...asset, accountId });
  if (ref?.assetKey === asset.assetKey) return;
  throw failure(
    'asset',
    Kind.Malformed,
    ref
      ? `${found.vendorId} is ${ref.assetKey}, another asset than the one asked for; sweep again so that ids are read anew`
      : `${found.vendorId} does not say which cloud resource it is; set cnapp.orca.idKeys to the key that does`,
  );
}

/** Orca's id of an asset, looked up by its key when the caller does not have it. Throws `not-found`. */
export async function vendorIdOf(context: Context, asset: KnownAsset): Promise<string> {
  if (asset.vendorId !== null) return asset.vendorId;
  const operation = 'lookup';
  const { config, serving } = context;
  const model = context.models.get(asset.resourceType);
  if (model === undefined)
    throw failure(operation, Kind.NotFound, `no model for ${asset.resourceType}; set it in cnapp.orca.models`);
  const place = [has('CloudAccount', [isIn(config.accountKey, [asset.accountId])]), isIn('Region', [asset.region])];
  const ask = (conditions: typeof place, start: number, limit: number) =>
    serving.ask({ operation, models: [model], conditions, orderBy: 'AssetUniqueId', start, limit, needs: READ_ASSETS });
  const among = (nodes: readonly unknown[]): string | null => {
    for (const node of nodes) {
      const row = rowOf(node);
      if (row && refOfValues(row.values, config.idKeys, asset)?.assetKey === asset.assetKey) return row.assetUniqueId;
    }
    return null;
  };
  const ids = [asset.assetKey, asset.resourceId];
  for (const key of config.idKeys) {
    const page = await ask([...place, isIn(key, ids)], 0, PAGE_SIZE).catch(unlessUnknown);
    const found = among(page?.nodes ?? []);
    if (found !== null) return found;
  }
  // The vendor compares letter by letter and keeps Azure's ids as they were typed, so the rows are compared here.
  const nodes = await readWhole(operation, (start, limit) => ask(place, start, limit), {
    pageSize: PAGE_SIZE,
    window: context.window,
  });
  const found = among(nodes);
  if (found === null) throw failure(operation, Kind.NotFound, `Orca has no asset ${asset.assetKey}`);
  return found;
}

/** A key this tenant does not know finds nothing. Every other trouble is passed on. */
function unlessUnknown(error: unknown): null {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Refusal && cause.kind === Kind.Terminal) return null;
  throw error;
}

/** Text, or the names in a list of texts or objects. */
export function namesIn(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((item) => text(item) ?? text((item as { name?: unknown } | null)?.name) ?? []);
}
