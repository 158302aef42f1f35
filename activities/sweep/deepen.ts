import { Context } from '@temporalio/activity';
import pLimit from 'p-limit';
import { ProviderError } from '../../ports/errors.ts';
import type { InventoryAsset } from '../../schemas/asset.ts';
import type { AssetRecord } from '../../schemas/detection.ts';
import type { Posture } from '../../schemas/posture.ts';
import { type GatherDeps, postureOf } from '../gather/gather-context.ts';
import { type MetricHistory, metricHistory } from '../shared/metric-windows.ts';
import { withRetry } from '../shared/with-retry.ts';
import type { Quarantine } from './quarantine.ts';

const POSTURES_AT_ONCE = 8;

/** Metrics that a source would not or could not tell leave a verdict open, and a person may want to know why. */
export function addIncomplete(deps: GatherDeps, page: { quarantine: Quarantine }, { incomplete }: MetricHistory): void {
  page.quarantine.add(
    deps.utilisation.vendor,
    [...incomplete].map(([assetKey, why]) => ({
      rowId: assetKey,
      assetKey,
      field: 'metrics',
      found: why,
      fix: 'its metrics were not told in full, so what needs them stays undetermined; read again by the next sweep',
    })),
  );
}

/**
 * The long window, the posture and the CMDB, for nominated assets only: this is where the requests are saved. Assets whose
 * posture or CMDB item cannot be read are quarantined and returned.
 * @throws the last error when none can be read: then it is the source that is down, not an asset that is broken
 */
export async function deepen(
  deps: GatherDeps,
  page: {
    sweepId: string;
    now: Date;
    quarantine: Quarantine;
    nominated: readonly InventoryAsset[];
    records: Map<string, AssetRecord>;
  },
): Promise<ReadonlySet<string>> {
  const { nominated, records, now } = page;
  const unread = new Map<string, Error>();
  if (nominated.length === 0) return new Set();
  const limit = pLimit(POSTURES_AT_ONCE);
  let read = 0;
  const posture = async (asset: InventoryAsset): Promise<Posture | null> => {
    try {
      return await withRetry(() => postureOf(deps.cnapp, asset));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      unread.set(asset.assetKey, error);
      return null;
    } finally {
      Context.current().heartbeat({ postures: ++read });
    }
  };
  const [long, cmdb, postures] = await Promise.all([
    metricHistory(deps.utilisation, nominated, { rules: deps.rules, window: 'confidence', now }),
    deps.cmdb.lookup(nominated.map((a) => a.resourceId)),
    Promise.all(nominated.map((asset) => limit(() => posture(asset)))),
  ]);
  const last = [...unread.values()].at(-1);
  if (last && nominated.length > 1 && unread.size === nominated.length) throw last;
  nominated.forEach((asset, i) => {
    records.set(asset.assetKey, {
      ...(records.get(asset.assetKey) as AssetRecord),
      metrics: [...(long.series.get(asset.assetKey) ?? [])],
      cmdb: cmdb.records.get(asset.resourceId) ?? null,
      posture: postures[i] ?? null,
    });
  });
  const fix = 'the posture of this asset could not be read; it is skipped and read again by the next sweep';
  page.quarantine.add(
    deps.cnapp.vendor,
    [...unread].map(([assetKey, { message }]) => ({
      rowId: assetKey,
      assetKey,
      field: 'posture',
      found: message,
      fix,
    })),
  );
  nominated.forEach(({ assetKey }, i) => {
    const findings = postures[i]?.unread ?? [];
    page.quarantine.add(
      deps.cnapp.vendor,
      findings.map((row) => ({ ...row, assetKey })),
    );
  });
  page.quarantine.add(deps.cmdb.vendor, cmdb.rejected);
  addIncomplete(deps, page, long);
  const withoutItem = nominated.filter((asset) => cmdb.rejected.some((row) => row.assetKey === asset.resourceId));
  return new Set([...unread.keys(), ...withoutItem.map((asset) => asset.assetKey)]);
}
