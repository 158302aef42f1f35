import { Context } from '@temporalio/activity';
import pLimit from 'p-limit';
import { placesOf } from '../../config/places.ts';
import { evaluateAsset, nominate } from '../../domain/detection/evaluate.ts';
import { needsConfirmation, standingOf } from '../../domain/detection/standing.ts';
import { resolveEnvironment } from '../../domain/environment.ts';
import { createdAtOf } from '../../domain/facts.ts';
import { NO_COUNTS } from '../../domain/sweep-counts.ts';
import { costKeys } from '../../ports/cost.ts';
import { ProviderError } from '../../ports/errors.ts';
import type { InventoryAsset, ResourceType } from '../../schemas/asset.ts';
import type { AssetRecord } from '../../schemas/detection.ts';
import type { Posture } from '../../schemas/posture.ts';
import type { AssetDocument, Opportunity, QuarantineEntry, SweepCounts } from '../../schemas/records.ts';
import type { Rule } from '../../schemas/rules.ts';
import type { ScanPageInput, ScanPageResult } from '../contracts.ts';
import { type GatherDeps, postureOf } from '../gather/gather-context.ts';
import { metricHistory } from '../shared/metric-windows.ts';
import { withRetry } from '../shared/with-retry.ts';
import { opportunityOf } from './opportunity.ts';
import { costsOfPage } from './page-costs.ts';
import { factsOfPage } from './page-facts.ts';

const POSTURES_AT_ONCE = 8;

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
  const quarantine: QuarantineEntry[] = page.rejected.map((r) => ({
    sweepId,
    source: page.source ?? deps.cnapp.vendor,
    rowId: r.rowId,
    field: r.field,
    found: r.found,
    fix: r.fix,
    at: now.toISOString(),
  }));
  const listed = [...new Map(page.assets.map((a) => [a.assetKey, a])).values()];
  const assets = await notYetSeen(deps, { sweepId, source: page.source, listed });
  Context.current().heartbeat({ page: input.page, assets: assets.length });

  const documents =
    assets.length === 0 ? [] : await judge(deps, { sweepId, assets, now, quarantine, source: page.source });
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
  if (quarantine.length > 0) await deps.store.sweeps.quarantine(quarantine);

  const counts: SweepCounts = { ...tally(documents, deps.rules), skippedByLedger, quarantined: quarantine.length };
  await deps.store.sweeps.addCounts(sweepId, `${accountId}/${region}`, input.page, counts);
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

async function judge(
  deps: GatherDeps,
  page: {
    sweepId: string;
    assets: readonly InventoryAsset[];
    now: Date;
    quarantine: QuarantineEntry[];
    source: string | undefined;
  },
): Promise<AssetDocument[]> {
  const { assets, now, sweepId } = page;
  // Three sources that do not wait for each other; metrics of an asset that turns out to be gone are simply not used.
  const [facts, costs, short] = await Promise.all([
    factsOfPage(deps.reader, page),
    costsOfPage(deps.cost, { ...page, accountId: (assets[0] as InventoryAsset).accountId }),
    metricHistory(deps.utilisation, assets, { rules: deps.rules, window: 'nomination', now }),
  ]);
  const present = assets.filter((a) => facts.has(a.assetKey));

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
    const { environment } = resolveEnvironment({
      tags: record.asset.tags,
      tagKeys: deps.config.policy.environmentTagKeys,
      cmdbEnvironment: record.cmdb?.environment ?? null,
    });
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
  return documents;
}

/**
 * The long window, the posture and the CMDB, for nominated assets only: this is where the requests are saved. Assets whose
 * posture cannot be read are quarantined and returned.
 * @throws the last error when none can be read: then it is the source that is down, not an asset that is broken
 */
async function deepen(
  deps: GatherDeps,
  page: {
    sweepId: string;
    now: Date;
    quarantine: QuarantineEntry[];
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
      cmdb: cmdb.get(asset.resourceId) ?? null,
      posture: postures[i] ?? null,
    });
  });
  for (const [assetKey, error] of unread)
    page.quarantine.push({
      sweepId: page.sweepId,
      source: deps.cnapp.vendor,
      rowId: assetKey,
      field: 'posture',
      found: error.message.slice(0, 200),
      fix: 'the posture of this asset could not be read; it is skipped and read again by the next sweep',
      at: now.toISOString(),
    });
  return new Set(unread.keys());
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
    posture: {
      source: 'inventory',
      vendorId: asset.vendorId,
      observedAt: asset.lastSeenAt ?? now.toISOString(),
      internetExposed: asset.internetExposed,
      openPorts: [],
      adminPrivileges: asset.adminPrivileges,
      sensitiveData: asset.sensitiveData,
      findings: [],
    },
  };
}

/** One asset's trouble is its own. */
function isolated<T>(
  page: { sweepId: string; now: Date; quarantine: QuarantineEntry[] },
  asset: InventoryAsset,
  work: () => T,
): T | null {
  try {
    return work();
  } catch (error) {
    page.quarantine.push({
      sweepId: page.sweepId,
      source: 'detection',
      rowId: asset.assetKey,
      field: 'record',
      found: (error as Error).message.slice(0, 200),
      fix: 'report this asset: its record broke a rule; it is skipped until then',
      at: page.now.toISOString(),
    });
    return null;
  }
}

function tally(documents: readonly AssetDocument[], rules: readonly Rule[]): SweepCounts {
  const counts = { ...NO_COUNTS, scanned: documents.length };
  for (const { verdicts } of documents) counts[standingOf(verdicts, rules)]++;
  return counts;
}
