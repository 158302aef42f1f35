import { z } from 'zod';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';

const Metric = z.object({ Amount: z.string(), Unit: z.string() });
const Period = z.object({ Start: z.string(), End: z.string() });

/** One page of GetCostAndUsage or GetCostAndUsageWithResources, grouped. */
export const CostPage = z.object({
  ResultsByTime: z.array(
    z.object({
      TimePeriod: Period,
      Groups: z.array(
        z.object({
          Keys: z.array(z.string()),
          Metrics: z.object({ AmortizedCost: Metric, UnblendedCost: Metric.optional() }),
        }),
      ),
    }),
  ),
  NextPageToken: z.string().optional(),
});
export type CostPage = z.infer<typeof CostPage>;

/** Parses a page or says which field is wrong. */
export function parseCostPage(raw: unknown, operation: string): CostPage {
  const result = CostPage.safeParse(raw);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ProviderError({
    kind: ProviderErrorKind.Malformed,
    provider: 'aws-cost-explorer',
    operation,
    message: `field ${issue?.path.join('.')}: ${issue?.message}`,
  });
}
