import { Context } from '@temporalio/activity';
import { placesOf } from '../../domain/places.ts';
import { evaluateAsset, nominate } from '../../domain/detection/evaluate.ts';
import { needsConfirmation, standingOf } from '../../domain/detection/standing.ts';
import { environmentOf } from '../../domain/environment.ts';
import { createdAtOf } from '../../domain/facts.ts';
import { inventoryPosture } from '../../domain/inventory-posture.ts';
import { NO_COUNTS } from '../../domain/sweep-counts.ts';
import { costKeys } from '../../domain/cloud-ids/index.ts';
import type { InventoryAsset, ResourceType } from '../../schemas/asset.ts';
import type { AssetRecord } from '../../schemas/detection.ts';
import type { AssetDocument, Opportunity, SweepCounts } from '../../schemas/records.ts';
import type { Rule } from '../../schemas/rules.ts';
import type { ScanPageInput, ScanPageResult } from '../contracts.ts';
import type { GatherDeps } from '../gather/gather-context.ts';
import { metricHistory } from '../shared/metric-windows.ts';
import { addIncomplete, deepen } from './deepen.ts';
import { opportunityOf } from './opportunity.ts';
import { costsOfPage } from './page-costs.ts';
import { factsOfPage } from './page-facts.ts';
import { openQuarantine, type Quarantine } from './quarantine.ts';

/**
 * One inventory page: read in batches, judged over the short window first, and only what is nominated over the long one.
 * A row or an asset that cannot be read is quarantined with its place and fix; the page goes on.
 */
export async function scanPage(deps: GatherDeps, input: ScanPageInput): Promise<ScanPageResult> {
  const now = deps.clock();
  const { accountId, region, sweepId } = input;
  const page = await deps.cnapp.listAssets({
    accountId,
    region,
    resourceTypes: sweptTypes(deps, accountId),
    cursor: input.cursor,
    pageSize: input.pageSize,
  });
  const quarantine = openQuarantine({ sweepId, now });
  quarantine.add(page.source ?? deps.cnapp.vendor, page.rejected);
  const listed = [...new Map(page.assets.map((a) => [a.assetKey, a])).values()];
  const assets = await notYetSeen(deps, { sweepId, source: page.source, listed });
  Context.current().heartbeat({ page: input.page, assets: assets.length });

  const { documents, gone } =
    assets.length === 0 ? NOBODY : await judge(deps, { sweepId, assets, now, quarantine, source: page.source });
  const live = await deps.store.ledger.live(
    documents.map((d) => d.asset.assetKey),
    now.toISOString(),
  );
  const opportunities: Opportunity[] = [];
  let skippedByLedger = 0;
  for (const document of documents) {
    const opportunity = opportunityOf(document, { rules: deps.rules, sweepId, now });
    if (opportunity === null) continue;
    if (live.has(document.asset.assetKey)) skippedByLedger++;
    else opportunities.push(opportunity);
  }
  await deps.store.assets.upsertMany(documents);
  await deps.store.opportunities.upsertMany(opportunities);
  const partition = `${accountId}/${region}`;
  // What surrounds several pages, such as a bill, is met by each of them and counted by the first.
  const quarantined =
    quarantine.entries.length === 0
      ? 0
      : await deps.store.sweeps.quarantine(quarantine.entries, `${partition}/${input.page}`);

  const counts: SweepCounts = { ...tally(documents, deps.rules), skippedByLedger, quarantined, gone };
  await deps.store.sweeps.addCounts(sweepId, partition, input.page, counts);
  return { nextCursor: page.nextCursor, counts };
}

/** Every type of this account's cloud that a rule is about. */
function sweptTypes({ config, rules }: GatherDeps, accountId: string): ResourceType[] {
  const provider = placesOf(config).find((p) => p.accountId === accountId)?.provider;
  return [...new Set(rules.filter((r) => r.provider === provider).map((r) => r.resourceType))];
}

/** What a source believed more has shown in this sweep is one asset with one record; a page read again is not held against it. */
async function notYetSeen(
  deps: GatherDeps,
  page: { sweepId: string; source: string | undefined; listed: readonly InventoryAsset[] },
): Promise<readonly InventoryAsset[]> {
  const { sweepId, source, listed } = page;
  if (deps.config.cnapp.vendor.length === 1 || listed.length === 0) return listed;
  const seen = await deps.store.assets.inSweep(
    sweepId,
    listed.map((a) => a.assetKey),
  );
  return listed.filter((a) => !seen.has(a.assetKey) || seen.get(a.assetKey) === source);
}

interface Judged {
  readonly documents: readonly AssetDocument[];
  /** Listed, and neither there nor unreadable. */
  readonly gone: number;
}
const NOBODY: Judged = { documents: [], gone: 0 };

async function judge(
  deps: GatherDeps,
  page: {
    sweepId: string;
    assets: readonly InventoryAsset[];
    now: Date;
    quarantine: Quarantine;
    source: string | undefined;
  },
): Promise<Judged> {
  const { assets, now, sweepId } = page;
  // Three sources that do not wait for each other; metrics of an asset that turns out to be gone are simply not used.
  const [described, costs, short] = await Promise.all([
    factsOfPage(deps.reader, page),
    costsOfPage(deps.cost, { ...page, accountId: (assets[0] as InventoryAsset).accountId }),
    metricHistory(deps.utilisation, assets, { rules: deps.rules, window: 'nomination', now }),
  ]);
  const { facts } = described;
  const present = assets.filter((a) => facts.has(a.assetKey));
  page.quarantine.add(deps.reader.vendor, described.rejected);
  const unreadable = new Set(described.rejected.map((row) => row.assetKey));
  const gone = assets.filter((a) => !facts.has(a.assetKey) && !unreadable.has(a.assetKey)).length;
  addIncomplete(deps, page, short);

  const records = new Map<string, AssetRecord>();
  const nominated: InventoryAsset[] = [];
  for (const asset of present) {
    const record = recordOf(asset, {
      facts: facts.get(asset.assetKey) ?? null,
      cost:
        costKeys(asset)
          .map((k) => costs.byResource.get(k))
          .find((c) => c !== undefined) ?? null,
      metrics: [...(short.series.get(asset.assetKey) ?? [])],
      now,
    });
    records.set(asset.assetKey, record);
    const verdicts = isolated(page, asset, () => nominate(deps.rules, record, now.toISOString()));
    if (verdicts && needsConfirmation(verdicts, deps.rules)) nominated.push(asset);
  }
  const unread = await deepen(deps, { ...page, nominated, records });

  const documents: AssetDocument[] = [];
  for (const asset of present) {
    if (unread.has(asset.assetKey)) continue;
    const record = records.get(asset.assetKey) as AssetRecord;
    const verdicts = isolated(page, asset, () =>
      (nominated.includes(asset) ? evaluateAsset : nominate)(deps.rules, record, now.toISOString()),
    );
    if (!verdicts) continue;
    const { environment } = environmentOf(record, deps.config.policy.environmentTagKeys);
    // Samples of an asset nobody will act on are not worth keeping; its verdicts carry the figures.
    documents.push({
      ...record,
      metrics: nominated.includes(asset) ? record.metrics : [],
      sweepId,
      ...(page.source !== undefined && { inventorySource: page.source }),
      environment,
      verdicts,
    });
  }
  return { documents, gone };
}

function recordOf(
  asset: InventoryAsset,
  parts: Pick<AssetRecord, 'facts' | 'cost' | 'metrics'> & { now: Date },
): AssetRecord {
  const { facts, cost, metrics, now } = parts;
  return {
    asset: {
      assetKey: asset.assetKey,
      provider: asset.provider,
      accountId: asset.accountId,
      region: asset.region,
      resourceType: asset.resourceType,
      resourceId: asset.resourceId,
      name: asset.name,
      createdAt: (facts && createdAtOf(facts)) ?? asset.createdAt,
      tags: facts?.tags ?? asset.tags,
    },
    facts,
    metrics,
    cost,
    cmdb: null,
    observedAt: now.toISOString(),
    posture: inventoryPosture(asset, now.toISOString()),
  };
}

/** One asset's trouble is its own. */
function isolated<T>(page: { quarantine: Quarantine }, asset: InventoryAsset, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    const fix = 'report this asset: its record broke a rule; it is skipped until then';
    page.quarantine.add('detection', [
      { rowId: asset.assetKey, field: 'record', found: (error as Error).message, fix },
    ]);
    return null;
  }
}

function tally(documents: readonly AssetDocument[], rules: readonly Rule[]): SweepCounts {
  const counts = { ...NO_COUNTS, scanned: documents.length };
  for (const { verdicts } of documents) counts[standingOf(verdicts, rules)]++;
  return counts;
}
