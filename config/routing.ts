import { z } from 'zod';
import { ROUTING_VENDORS } from '../providers/routing/vendors.ts';
import { Duration } from '../schemas/config-values.ts';
import { chosenIn, nameOf, sectionsOf } from './vendors.ts';

/** Changes that the platform team's own pipeline makes: the section `routing`. */
export const Routing = z
  .strictObject({
    vendor: nameOf(ROUTING_VENDORS).default('none'),
    /** Accounts, subscriptions and projects whose approved changes go to the pipeline instead of our executor. */
    accounts: z.array(z.string()).default([]),
    /** Also hands over what is only observed, as a recommendation. */
    recommendations: z.boolean().default(false),
    /** Longest a pipeline may take before the change is given to a person. */
    deadline: Duration.default(1_800_000),
    poll: Duration.default(10_000),
    timeout: Duration.default(15_000),
    ...sectionsOf(ROUTING_VENDORS),
  })
  .superRefine(chosenIn('routing', ROUTING_VENDORS));
export type Routing = z.infer<typeof Routing>;
