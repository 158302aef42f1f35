import { z } from 'zod';
import { IsoInstant } from './time.ts';

/** How a remediation ended. Only `remediated` is success; `unverified` is not. */
export const Outcome = z.enum([
  'remediated',
  'unverified',
  'rejected',
  'expired',
  'cancelled',
  'observed',
  'blocked-by-policy',
  'blocked-by-preflight',
  'blocked-by-drift',
  'active-again',
  'already-gone',
  'rolled-back',
  'needs-human',
]);
export type Outcome = z.infer<typeof Outcome>;

/** Where a remediation is, as shown by the search attribute `stage`. */
export const Stage = z.enum([
  'gathering',
  'assessing',
  'ticketing',
  'awaiting-decision',
  'snoozed',
  'awaiting-window',
  'executing',
  'holding',
  'verifying',
  'awaiting-bill',
  'closing',
  'closed',
]);
export type Stage = z.infer<typeof Stage>;

/** What one execution step did. Returned by the executor; bodies are in the store under `evidenceId`. */
export const StepOutcome = z.object({
  result: z.enum([
    'applied',
    'prepared',
    'already-satisfied',
    'gone',
    'outside-window',
    'blocked-by-policy',
    'blocked-by-preflight',
    'blocked-by-drift',
    'active-again',
    'rolled-back',
    'needs-human',
  ]),
  /** Reason codes, e.g. `policy:forbid-open-incident`, `preflight:termination_protection`, `drift:instanceType`. */
  reasons: z.array(z.string()),
  evidenceId: z.string().nullable(),
  /** With `outside-window`: when changes may be made next, while the approval is still valid. */
  notBefore: IsoInstant.optional(),
});
export type StepOutcome = z.infer<typeof StepOutcome>;
