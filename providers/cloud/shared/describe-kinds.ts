import type { Described } from '../../../ports/cloud.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { Readings, RejectedRow } from '../../../ports/rows.ts';
import type { AssetRef } from '../../../schemas/asset.ts';
import type { CloudFacts } from '../../../schemas/cloud-facts.ts';
import { shown } from '../../rows.ts';

/** Assets that are read together, such as the disks of one subscription. */
export interface KindRead {
  readonly assets: readonly AssetRef[];
  read(): Promise<Readings<CloudFacts>>;
}

/** What costs its own kind only: another kind may well be readable. A source that is down is down for all. */
const OWN: ReadonlySet<ProviderErrorKind> = new Set([
  ProviderErrorKind.Unauthorised,
  ProviderErrorKind.Malformed,
  ProviderErrorKind.NotFound,
  ProviderErrorKind.Terminal,
]);

/**
 * Every kind by itself: a list that is forbidden or cannot be understood costs the assets in it, each of which is named.
 * @throws ProviderError when the source is down, and when nothing at all could be read
 */
export async function describeKinds(kinds: readonly KindRead[]): Promise<Described> {
  const asked = kinds.filter((kind) => kind.assets.length > 0);
  const answers = await Promise.all(
    asked.map(async ({ assets, read }) => read().catch((error: unknown) => refused(error, assets))),
  );
  const failed = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []));
  if (failed.length > 0 && failed.length === asked.length) throw failed[0];
  return {
    facts: new Map(answers.flatMap((answer) => answer.rows.map((facts) => [facts.assetKey, facts]))),
    rejected: answers.flatMap((answer) => answer.rejected),
  };
}

function refused(
  error: unknown,
  assets: readonly AssetRef[],
): Readings<CloudFacts> & { readonly error: ProviderError } {
  if (!(error instanceof ProviderError) || !OWN.has(error.kind)) throw error;
  const { provider: source, operation } = error;
  const rejected = assets.map(
    ({ assetKey }): RejectedRow => ({
      source,
      operation,
      assetKey,
      rowId: assetKey,
      field: 'describe',
      found: shown(error.message),
      fix: 'run `idlewise doctor`, which names the missing permission; the asset is not judged until it can be read',
    }),
  );
  return { rows: [], rejected, error };
}
