import { providerOf } from '../../domain/resource-kinds.ts';
import type { CloudReader } from '../../ports/cloud.ts';
import { expectedOutcome } from '../../sandbox/estate/expected.ts';
import type { SeededAsset } from '../../sandbox/estate/types.ts';
import type { RemediationDocument } from '../../schemas/records.ts';
import type { SweepSummary } from '../../schemas/workflow-io.ts';

export interface DemoRow {
  readonly name: string;
  readonly archetype: string;
  readonly assetKey: string;
  readonly expected: string | null;
  readonly actual: string | null;
  readonly action: string | null;
  readonly reasons: readonly string[];
  readonly ticket: string | null;
  /** Read by the observer, which is neither the executor nor any worker. */
  readonly cloudState: string;
  readonly ok: boolean;
}

export interface DemoReport {
  readonly ok: boolean;
  readonly finishedAt: string;
  readonly sweep: SweepSummary;
  readonly detection: {
    readonly labelled: number;
    readonly truePositive: number;
    readonly falsePositive: number;
    readonly falseNegative: number;
    readonly precision: number;
    readonly recall: number;
  };
  readonly outcomes: Readonly<Record<string, number>>;
  readonly actionsRemediated: readonly string[];
  readonly rows: readonly DemoRow[];
  readonly savings: Readonly<Record<string, number>>;
  readonly audit: {
    readonly file: string;
    readonly events: number;
    readonly intact: boolean;
    readonly tamperingFound: boolean;
  };
  readonly problems: readonly string[];
}

/** Joins ground truth, records and the cloud as it is now. */
export async function demoRows(
  assets: readonly SeededAsset[],
  remediations: readonly RemediationDocument[],
  observer: CloudReader,
): Promise<DemoRow[]> {
  const byAsset = new Map(remediations.map((r) => [r.assetKey, r]));
  const refs = assets.map((a) => ({
    assetKey: a.assetKey,
    provider: providerOf(a.resourceType),
    accountId: a.accountId,
    region: a.region,
    resourceType: a.resourceType,
    resourceId: a.resourceId,
  }));
  const { facts } = await observer.describe(refs);
  return assets.map((asset) => {
    const remediation = byAsset.get(asset.assetKey);
    const expected = expectedOutcome(asset);
    const actual = remediation ? (remediation.outcome ?? remediation.stage) : null;
    const state = facts.get(asset.assetKey);
    return {
      name: asset.name,
      archetype: asset.archetype,
      assetKey: asset.assetKey,
      expected,
      actual,
      action: remediation?.action ?? null,
      reasons: remediation?.reasons ?? [],
      ticket: remediation?.ticket?.number ?? null,
      cloudState: state?.state ?? 'gone',
      ok: actual === expected || (actual === null && asset.demo?.mayBeAbsent === true),
    };
  });
}

/** Called idle when a remediation was started for it; `mayBeAbsent` assets are judged by their label all the same. */
export function detectionScore(
  assets: readonly SeededAsset[],
  rows: readonly DemoRow[],
  isTrue: (asset: SeededAsset) => boolean,
): DemoReport['detection'] {
  const called = new Set(rows.filter((r) => r.actual !== null).map((r) => r.name));
  const count = (test: (a: SeededAsset) => boolean) => assets.filter(test).length;
  const truePositive = count((a) => isTrue(a) && called.has(a.name));
  const falsePositive = count((a) => !isTrue(a) && called.has(a.name));
  const falseNegative = count((a) => isTrue(a) && !called.has(a.name));
  return {
    labelled: assets.length,
    truePositive,
    falsePositive,
    falseNegative,
    precision: truePositive / Math.max(1, truePositive + falsePositive),
    recall: truePositive / Math.max(1, truePositive + falseNegative),
  };
}

export function tally(values: readonly (string | null)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) if (value !== null) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
