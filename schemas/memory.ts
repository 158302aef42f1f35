import { z } from 'zod';
import { Environment } from './asset.ts';
import { ActionName } from './option.ts';
import { ResourceKind, ResourceType } from './resource-type.ts';
import { IsoDate } from './time.ts';

/** Lower-case words joined by dashes: a code or a band of our own. What a person wrote rarely has this form, and is never put here. */
export const MemoryWord = z
  .string()
  .max(48)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by dashes');

/** Letters only, so that no guard takes it for an identifier. */
export const Pseudonym = z.string().regex(/^owner-[a-z]{12}$/, 'must be owner- and twelve letters');

/** `mem-` and 24 letters made from a digest: the same case is remembered once, and nobody finds the case from it. */
export const MemoryId = z.string().regex(/^mem-[a-z]{24}$/, 'must be mem- and 24 letters');

export const RegionGroup = z.enum([
  'north-america',
  'south-america',
  'europe',
  'middle-east',
  'africa',
  'asia-pacific',
  'global',
  'other',
]);
export type RegionGroup = z.infer<typeof RegionGroup>;

const Known = z.enum(['yes', 'no', 'unknown']);
const Stated = z.enum(['stated', 'none', 'unknown']);
const CountBand = z.enum(['none', '1-to-5', 'more-than-5', 'unknown']);
const words = (most: number) => z.array(MemoryWord).max(most);

/**
 * All that the memory may know of a case: classes, bands and codes. No name, id, address, amount, tag value, date or free
 * text has a place here, and an unknown field is refused.
 */
export const CaseFacets = z.strictObject({
  kind: ResourceKind,
  type: ResourceType,
  environment: Environment,
  region: RegionGroup,
  rule: MemoryWord,
  /** Who answers for it, as a pseudonym of this tenant. */
  owner: Pseudonym,
  size: z.enum(['small', 'medium', 'large', 'not-applicable', 'unknown']),
  age: z.enum(['under-2-weeks', 'under-a-month', 'under-a-quarter', 'under-a-year', 'over-a-year', 'unknown']),
  criticality: z.enum(['class-1', 'class-2', 'class-3', 'class-4', 'unknown']),
  dependents: CountBand,
  openIncidents: CountBand,
  standbyRole: Stated,
  maintenanceWindow: Stated,
  internetExposed: Known,
  adminPrivileges: Known,
  sensitiveData: Known,
  exposure: z.enum(['low', 'medium', 'high', 'critical', 'unknown']),
  /** Measurement and band, e.g. `cpu-p95-under-1`. */
  evidence: words(16),
  /** Codes of the verdict and of the base risk. */
  reasons: words(40),
  /** Keys of common spelling only; what else there is, is counted in `otherTags`. */
  tagKeys: words(40),
  otherTags: CountBand,
});
export type CaseFacets = z.infer<typeof CaseFacets>;

/** Ends that were proved: by reading the cloud again, by the bill, by measurement, or by a person's own "no". */
export const VerifiedEnd = z.enum([
  'remediated',
  'rolled-back',
  'contradicted',
  'active-again',
  'saving-contradicted',
  'rejected',
]);
export type VerifiedEnd = z.infer<typeof VerifiedEnd>;

/** Why people said no, as far as code can tell from their words; the words themselves are not kept. */
export const RejectionCode = z.enum([
  'needed-periodically',
  'standby-or-failover',
  'in-use',
  'wrong-owner',
  'wrong-environment',
  'licence-or-identity-bound',
  'data-not-backed-up',
  'legal-hold',
  'managed-elsewhere',
  'planned-anyway',
  'other',
]);
export type RejectionCode = z.infer<typeof RejectionCode>;

/** One verified past case. A rejection is a kind of its own: it says what a person wanted, not what a change did. */
export const PastCase = z
  .strictObject({
    id: MemoryId,
    kind: z.enum(['case', 'rejection']),
    facets: CaseFacets,
    /** Null where no action had been chosen. */
    action: ActionName.nullable(),
    end: VerifiedEnd,
    rejection: RejectionCode.nullable(),
    closedOn: IsoDate,
  })
  .refine(
    (c) => (c.kind === 'rejection') === (c.end === 'rejected') && (c.rejection !== null) === (c.end === 'rejected'),
    {
      path: ['kind'],
      error: 'a rejection ends as rejected and has a code; nothing else has one',
    },
  );
export type PastCase = z.infer<typeof PastCase>;

const FactList = <T extends z.ZodType>(value: T) => z.array(value).min(1).optional();

/** When a piece of guidance applies: each list that is there must hold one of the case's values. */
export const GuidanceScope = z.strictObject({
  classes: FactList(ResourceKind),
  environments: FactList(Environment),
  /** One of the actions on offer. */
  actions: FactList(ActionName),
  age: FactList(CaseFacets.shape.age),
  criticality: FactList(CaseFacets.shape.criticality),
  dependents: FactList(CountBand),
  openIncidents: FactList(CountBand),
  standbyRole: FactList(Stated),
  maintenanceWindow: FactList(Stated),
  internetExposed: FactList(Known),
  adminPrivileges: FactList(Known),
  sensitiveData: FactList(Known),
  tagKeys: FactList(MemoryWord),
  reasons: FactList(MemoryWord),
});
export type GuidanceScope = z.infer<typeof GuidanceScope>;

/** The most guidance can do: name reasons, ask questions, and add one step of risk. */
export const GuidanceEffect = z.strictObject({
  reasonCodes: words(4).default([]),
  questions: words(3).default([]),
  raise: z.union([z.literal(0), z.literal(1)]).default(0),
});

export const GuidanceEntry = z.strictObject({
  id: MemoryWord,
  kind: z.enum(['guidance', 'policy']),
  appliesTo: GuidanceScope,
  text: z.string().min(20).max(400),
  effect: GuidanceEffect,
});
export type GuidanceEntry = z.infer<typeof GuidanceEntry>;

export const GuidanceFile = z
  .strictObject({ version: z.string().min(1), entries: z.array(GuidanceEntry).max(500) })
  .superRefine(({ entries }, context) => {
    const seen = new Set<string>();
    entries.forEach(({ id }, at) => {
      if (seen.has(id))
        context.addIssue({ code: 'custom', path: ['entries', at, 'id'], message: `${id} is there twice` });
      seen.add(id);
    });
  });
export type GuidanceFile = z.infer<typeof GuidanceFile>;

/** What memory does to an assessment. It has no word for less risk, for an action or for an amount. */
export interface MemoryEffects {
  readonly raise: 0 | 1;
  readonly reasonCodes: readonly string[];
  /** Our own wording. */
  readonly questions: readonly string[];
}
