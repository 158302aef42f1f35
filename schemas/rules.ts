import { z } from 'zod';
import { ResourceType } from './asset.ts';
import { ActionName } from './option.ts';

const days = z.number().positive().max(455, 'CloudWatch keeps hourly data for 455 days');
const ratio = z.number().gt(0).max(1);
const percent = z.number().gt(0).max(100);
const bytes = z.number().positive();

/** One series a rule reads. `onlyWhenKeyContains` narrows it to assets whose key has that text (`loadbalancer/app/`). */
export const RuleMetric = z.strictObject({
  metric: z.string().min(1),
  statistic: z.enum(['Average', 'Maximum', 'Minimum', 'Sum', 'SampleCount']),
  periodSeconds: z.number().int().positive().multipleOf(60),
  onlyWhenKeyContains: z.string().nullable().default(null),
});
export type RuleMetric = z.infer<typeof RuleMetric>;

/** What takes an asset out of every rule. All words are compared after NFKC, trimming and lower-casing. */
export const RuleExclusions = z.strictObject({
  /** A tag with this key, whatever its value; `prefix*` matches by prefix. */
  tagKeys: z.array(z.string().min(1)),
  /** `key=value` pairs; a key of `*` never matches. */
  tagPairs: z.array(z.string().regex(/^[^=]+=.+$/, 'must look like key=value')),
  /** Keys that state a disaster-recovery role unless the value says no. */
  drKeys: z.array(z.string().min(1)),
  /** Tag keys whose value names a role; its words are looked up in `roleWords` and `nameWords`. */
  roleKeys: z.array(z.string().min(1)),
  roleWords: z.array(z.string().min(1)),
  /** Words of the asset's name that mark a standby, a replica or a security appliance. */
  nameWords: z.array(z.string().min(1)),
  /** Controllers that would replace or fight a stopped member. */
  managers: z.array(z.string().min(1)),
});
export type RuleExclusions = z.infer<typeof RuleExclusions>;

const Common = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)+$/, 'must be lower-case words joined by dashes'),
  /** As written in the file; the loader appends a digest of the rule's content. */
  version: z.string().regex(/^\d+(\.\d+)*(\+[0-9a-f]{8})?$/, 'must look like 1 or 1.2'),
  provider: z.literal('aws'),
  resourceType: ResourceType,
  /** `idle` stops or removes, `rightsize` shrinks, `info` is reported and never remediated. */
  kind: z.enum(['idle', 'rightsize', 'info']),
  severity: z.enum(['info', 'low', 'medium', 'high']),
  /** Who publishes comparable thresholds, and since when we use these. */
  source: z.string().min(1),
  windows: z.strictObject({
    nominationDays: days,
    confidenceDays: days,
    extendedDays: days,
    /** How far back is fetched: 33 days always hold the last and the first whole day around a month's turn. */
    lookbackDays: days,
  }),
  metrics: z.array(RuleMetric),
  coverage: z.strictObject({
    minimumRatio: ratio,
    /** Silence at the window's end longer than this means the agent or the asset died. */
    maxTrailingGapHours: z.number().nonnegative(),
    /** A longer hole could hide a whole batch run. */
    maxGapHours: z.number().positive(),
  }),
  minimumAgeDays: z.number().nonnegative(),
  /** A record older than this says nothing about now. */
  maxRecordAgeHours: z.number().positive(),
  exclusions: RuleExclusions,
  options: z.array(ActionName),
});

const rule = <N extends string, T extends z.ZodRawShape>(check: N, thresholds: T) =>
  Common.extend({ check: z.literal(check), thresholds: z.strictObject(thresholds) });

/** `check` names the pure function in domain/detection/checks; everything else is data. */
export const Rule = z
  .discriminatedUnion('check', [
    rule('instance-idle', {
      cpuP95Percent: percent,
      cpuMaxPercent: percent,
      /** p95 over 24-hour blocks of bytes in plus bytes out. */
      networkP95DayBytes: bytes,
      networkMaxDayBytes: bytes,
      /** A day peaks when its highest sample exceeds both this many times the median sample and the floor. */
      peakFactor: z.number().gt(1),
      peakFloorPercent: percent,
      /** How many days before and after a month's turn count as month-end. */
      monthEdgeDays: z.number().int().min(1).max(7),
    }),
    rule('instance-over-provisioned', {
      cpuP99Percent: percent,
      cpuMaxPercent: percent,
      memoryP99Percent: percent,
      headroomRatio: z.number().min(0).max(1),
    }),
    rule('instance-stopped', { stoppedDays: days }),
    rule('volume-unattached', { unattachedDays: days }),
    rule('volume-idle-io', { maxOperations: z.number().nonnegative() }),
    rule('address-unassociated', { unassociatedDays: days }),
    rule('load-balancer-no-targets', { emptyDays: days }),
    rule('load-balancer-idle-traffic', { maxRequestsPerDay: z.number().nonnegative() }),
  ])
  .superRefine((r, ctx) => {
    const w = r.windows;
    if (
      !(w.nominationDays <= w.confidenceDays && w.confidenceDays <= w.extendedDays && w.extendedDays <= w.lookbackDays)
    )
      ctx.addIssue({
        code: 'custom',
        path: ['windows'],
        message: 'must grow: nominationDays <= confidenceDays <= extendedDays <= lookbackDays',
      });
  });
export type Rule = z.infer<typeof Rule>;
export type RuleOf<C extends Rule['check']> = Extract<Rule, { check: C }>;

/** config/rules.yaml. `shared` only holds YAML anchors. */
export const RulesFile = z
  .strictObject({
    version: z.string().min(1),
    shared: z.unknown().optional(),
    rules: z.array(Rule).min(1, 'must hold at least one rule'),
  })
  .superRefine((file, ctx) => {
    const seen = new Set<string>();
    file.rules.forEach((r, i) => {
      if (seen.has(r.id))
        ctx.addIssue({ code: 'custom', path: ['rules', i, 'id'], message: `must be unique; ${r.id} is used twice` });
      seen.add(r.id);
    });
  });
export type RulesFile = z.infer<typeof RulesFile>;
