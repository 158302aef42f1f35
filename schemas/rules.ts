import { z } from 'zod';
import { ResourceType } from './asset.ts';
import { ActionName } from './option.ts';
import { CloudProvider } from './resource-type.ts';

const days = z.number().positive().max(455, 'CloudWatch keeps hourly data for 455 days');
const ratio = z.number().gt(0).max(1);
const percent = z.number().gt(0).max(100);
const bytes = z.number().positive();
const count = z.number().nonnegative();

/** One series a rule reads. `onlyWhenKeyContains` narrows it to assets whose key has that text (`loadbalancer/app/`). */
export const RuleMetric = z
  .strictObject({
    metric: z.string().min(1),
    statistic: z.enum(['Average', 'Maximum', 'Minimum', 'Sum', 'SampleCount']),
    /** What one value is, as the rule's thresholds mean it. A series in another unit is converted, or refused. */
    unit: z.enum(['Percent', 'Bytes', 'Bytes/Second', 'Count', 'Count/Second']),
    periodSeconds: z.number().int().positive().multipleOf(60),
    onlyWhenKeyContains: z.string().nullable().default(null),
    /** The source says what is left of 100 per cent; the rule reads what is used. The least that was left is the most used. */
    invert: z.literal(true).optional(),
    /** Only of machines with accelerators, and only when the rest of the machine is quiet. */
    accelerator: z.literal(true).optional(),
  })
  .refine((m) => m.invert === undefined || m.statistic === 'Minimum', {
    path: ['statistic'],
    error: 'must be Minimum when inverted: the peak of what is used is the least of what is left',
  });
export type RuleMetric = z.infer<typeof RuleMetric>;

/** How far back a rule looks, in days. */
export const RuleWindows = z
  .strictObject({
    nominationDays: days,
    confidenceDays: days,
    extendedDays: days,
    /** How far back is fetched: 33 days always hold the last and the first whole day around a month's turn. */
    lookbackDays: days,
  })
  .refine(
    (w) =>
      w.nominationDays <= w.confidenceDays && w.confidenceDays <= w.extendedDays && w.extendedDays <= w.lookbackDays,
    { error: 'must grow: nominationDays <= confidenceDays <= extendedDays <= lookbackDays' },
  );

export const RuleCoverage = z.strictObject({
  minimumRatio: ratio,
  /** Silence at the window's end longer than this means the agent or the asset died. */
  maxTrailingGapHours: z.number().nonnegative(),
  /** A longer hole could hide a whole batch run. */
  maxGapHours: z.number().positive(),
});

const Phrases = z.array(
  z.string().regex(/^[\p{Ll}\p{N}]+( [\p{Ll}\p{N}]+)*$/u, 'must be lower-case words with one space between'),
);

/**
 * Words that ask to leave an asset alone. Texts are read as words first: case, separators, capitals inside a word, accents,
 * invisible and look-alike characters make no difference, and words that are written together are taken apart.
 */
export const HoldWords = z.strictObject({
  /** `do not`, `never`: with an act, in either order, they hold wherever they stand. */
  refusals: Phrases,
  /** What could be done to an asset: `stop`, `deletion`. */
  acts: Phrases,
  /** What says so only after a refusal or with a permission: `stopped` says what is, `must not be stopped` what may be. */
  afterRefusal: Phrases,
  /** Words about being allowed: `auto-stop = no` holds as `stop = no` does. */
  permissions: Phrases,
  /** Hold wherever they stand, in a key, a value or a name: `legal hold`. */
  phrases: Phrases,
  /** Hold when a key or a value says nothing else: `keep`, `incident`. */
  alone: Phrases,
  /** Hold as words of a name: `keep`. */
  names: Phrases,
  /** May stand around the words above without changing what is said: `please`, `until`, `id`. */
  asides: Phrases,
  /** A key with one of these is about something else: `data-classification = protected`. */
  otherSubjects: Phrases,
});
export type HoldWords = z.infer<typeof HoldWords>;

/** What takes an asset out of every rule. Words are compared as `HoldWords` says. */
export const RuleExclusions = z.strictObject({
  /** A tag with this key, whatever its value; `prefix*` matches by prefix. */
  tagKeys: z.array(z.string().min(1)),
  /** `key=value` pairs; a key of `*` never matches. */
  tagPairs: z.array(z.string().regex(/^[^=]+=.+$/, 'must look like key=value')),
  /** Keys that state a disaster-recovery role unless the value says no. */
  drKeys: z.array(z.string().min(1)),
  holds: HoldWords,
  /** Tag keys whose value names a role. */
  roleKeys: z.array(z.string().min(1)),
  /** Tag keys whose value says what the asset is, in the words of a name. */
  aboutKeys: z.array(z.string().min(1)),
  /** Roles a value of `roleKeys` names. */
  roleWords: Phrases,
  /** Words of any asset's name that mark a standby, a replica or a security appliance. */
  nameWords: Phrases,
  /** Roles in the name of what does work: not of a disk or an address that is left over from it. */
  machineNames: Phrases,
});
export type RuleExclusions = z.infer<typeof RuleExclusions>;

const Scalar = z.union([
  z
    .string()
    .regex(/^[^*]*\*?[^*]*$/, 'may have one * that stands for anything')
    .min(1),
  z.number(),
  z.boolean(),
]);
const OneOrMore = z.union([Scalar, z.array(Scalar).min(1)]);
const TESTS = ['is', 'isNot', 'atMost', 'atLeast', 'olderThanDays', 'present'] as const;

/**
 * One thing a resource's configuration must say. `attribute` is a flattened name (domain/attributes.ts), or `facts.<field>`
 * for what the cloud itself was asked. Exactly one test; texts are compared without case, and one `*` stands for anything.
 */
export const RuleCondition = z
  .strictObject({
    attribute: z.string().min(1),
    is: OneOrMore.optional(),
    isNot: OneOrMore.optional(),
    atMost: z.number().optional(),
    atLeast: z.number().optional(),
    olderThanDays: z.number().positive().max(3650).optional(),
    /** Null, empty text and a count of nothing are not present. */
    present: z.boolean().optional(),
  })
  .refine((c) => TESTS.filter((test) => c[test] !== undefined).length === 1, {
    error: `must have exactly one of ${TESTS.join(', ')}`,
  });
export type RuleCondition = z.infer<typeof RuleCondition>;

/** The most one series may show over the window. `maxDaySum`: the busiest 24 hours; `sum`: all of it. */
export const RuleLimit = z.strictObject({
  metric: z.string().min(1),
  of: z.enum(['max', 'p95', 'p99', 'sum', 'maxDaySum']),
  atMost: count,
});
export type RuleLimit = z.infer<typeof RuleLimit>;

const Common = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)+$/, 'must be lower-case words joined by dashes'),
  /** As written in the file; the loader appends a digest of the rule's content. */
  version: z.string().regex(/^\d+(\.\d+)*(\+[0-9a-f]{8})?$/, 'must look like "1" or "1.2", in quotes'),
  provider: CloudProvider,
  resourceType: ResourceType,
  /** `idle` stops or removes, `rightsize` shrinks, `info` is reported and never remediated. */
  kind: z.enum(['idle', 'rightsize', 'info']),
  severity: z.enum(['info', 'low', 'medium', 'high']),
  /** Who publishes comparable thresholds, and what ours are. */
  source: z.string().min(1),
  windows: RuleWindows,
  metrics: z.array(RuleMetric).default([]),
  coverage: RuleCoverage,
  minimumAgeDays: z.number().nonnegative(),
  /** A record older than this says nothing about now. */
  maxRecordAgeHours: z.number().positive(),
  exclusions: RuleExclusions,
  options: z.array(ActionName).default([]),
});

const rule = <N extends string, T extends z.ZodType>(check: N, thresholds: T) =>
  Common.extend({ check: z.literal(check), thresholds });
const all = z.strictObject;

/** A day peaks when its highest sample exceeds both this many times the median sample and the floor. */
const peaks = {
  peakFactor: z.number().gt(1),
  peakFloorPercent: percent,
  /** How many days before and after a month's turn count as month-end. */
  monthEdgeDays: z.number().int().min(1).max(7),
};

/** `check` names the pure function in domain/detection/checks; everything else is data. */
export const Rule = z.discriminatedUnion('check', [
  rule(
    'instance-idle',
    all({
      cpuP95Percent: percent,
      cpuMaxPercent: percent,
      /** p95 over 24-hour blocks of bytes in plus bytes out. */
      networkP95DayBytes: bytes,
      networkMaxDayBytes: bytes,
      /** Any sample of an accelerator's use at or above this is load. Machines that have accelerators must tell. */
      acceleratorMaxPercent: percent,
      ...peaks,
    }),
  ),
  rule(
    'instance-over-provisioned',
    all({
      cpuP99Percent: percent,
      cpuMaxPercent: percent,
      memoryP99Percent: percent,
      headroomRatio: z.number().min(0).max(1),
    }),
  ),
  rule(
    'instance-stopped',
    all({
      stoppedDays: days,
      /** Which way of being stopped. @default stopped */
      state: z.enum(['stopped', 'stopped-allocated', 'suspended']).optional(),
    }),
  ),
  rule('volume-unattached', all({ unattachedDays: days })),
  rule('volume-idle-io', all({ maxOperations: count })),
  rule('address-unassociated', all({ unassociatedDays: days })),
  rule('load-balancer-no-targets', all({ emptyDays: days })),
  rule(
    'load-balancer-idle-traffic',
    all({
      maxRequestsPerDay: count.optional(),
      /** p95 of what is open at once. One that is open more often than not counts as well. */
      maxOpenConnections: count.optional(),
      maxBytesPerDay: count.optional(),
    }).refine((t) => (t.maxRequestsPerDay ?? t.maxBytesPerDay) !== undefined, {
      error: 'must have maxRequestsPerDay or maxBytesPerDay',
    }),
  ),
  rule(
    'database-idle',
    all({
      /** Absent: the provider counts no connections, and the load alone has to tell. */
      maxConnections: count.optional(),
      cpuP95Percent: percent,
      cpuMaxPercent: percent,
      ...peaks,
    }),
  ),
  rule('resource-unused', all({ conditions: z.array(RuleCondition).min(1), limits: z.array(RuleLimit).default([]) })),
]);
export type Rule = z.infer<typeof Rule>;
export type RuleOf<C extends Rule['check']> = Extract<Rule, { check: C }>;

const named = <T extends z.ZodType>(what: T) => z.record(z.string().min(1), what);

/** config/rules/shared.yaml: what the rules of all clouds name instead of repeating it. */
export const SharedRules = z.strictObject({
  version: z.string().min(1),
  windows: named(RuleWindows),
  coverage: named(RuleCoverage),
  exclusions: named(RuleExclusions),
  /** Used by every rule that does not say otherwise. */
  defaults: z.strictObject({
    windows: z.string(),
    coverage: z.string(),
    exclusions: z.string(),
    maxRecordAgeHours: z.number().positive(),
  }),
});
export type SharedRules = z.infer<typeof SharedRules>;

/** Any other file of config/rules. `windows`, `coverage` and `exclusions` of a rule may be a name of shared.yaml. */
export const RulesFile = z.strictObject({
  provider: CloudProvider,
  rules: z.array(z.record(z.string(), z.unknown())).min(1, 'must hold at least one rule'),
});
