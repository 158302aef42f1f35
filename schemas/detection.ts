import { z } from 'zod';
import { AssetRef } from './asset.ts';
import { CloudFacts } from './cloud-facts.ts';
import { CmdbRecord } from './cmdb.ts';
import { AssetCost } from './cost.ts';
import { MetricSeries } from './metrics.ts';
import { Posture } from './posture.ts';
import { IsoInstant } from './time.ts';

/** Everything the rules may look at for one asset: the normalised record, joined on the asset key. */
export const AssetRecord = z.object({
  asset: AssetRef.extend({
    name: z.string(),
    createdAt: IsoInstant.nullable(),
    tags: z.record(z.string(), z.string()),
  }),
  /** Read from the cloud itself; null when the describe call gave nothing. */
  facts: CloudFacts.nullable(),
  metrics: z.array(MetricSeries),
  cost: AssetCost.nullable(),
  posture: Posture.nullable(),
  cmdb: CmdbRecord.nullable(),
  /** When the record was assembled: windows end here. */
  observedAt: IsoInstant,
});
export type AssetRecord = z.infer<typeof AssetRecord>;

/** One measured fact behind a verdict. `id` is what a model may cite. */
export const Evidence = z.object({
  id: z.string(),
  code: z.string(),
  metric: z.string().nullable(),
  statistic: z.string().nullable(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  unit: z.string().nullable(),
});
export type Evidence = z.infer<typeof Evidence>;

export const Verdict = z.object({
  ruleId: z.string(),
  ruleVersion: z.string(),
  verdict: z.enum(['idle', 'active', 'undetermined']),
  /** 0–100; grows with coverage and window length; capped when anything was missing. */
  confidence: z.number().int().min(0).max(100),
  windowDays: z.number(),
  coverage: z.object({ expected: z.number().int(), observed: z.number().int(), ratio: z.number().min(0).max(1) }),
  evidence: z.array(Evidence),
  /** Machine-readable reasons, e.g. `cpu-peak-above-threshold`, `coverage-too-low`, `excluded:tag:do-not-touch`. */
  reasons: z.array(z.string()),
});
export type Verdict = z.infer<typeof Verdict>;
