import { z } from 'zod';
import { Duration, SecretRef, Url } from '../../../schemas/config-values.ts';

/** It goes into a filter between single quotes. */
const ChargeType = z.string().regex(/^[^']+$/, 'must not be empty or hold a single quote');

/** Costs from Vantage: the section `cost.vantage`. */
export const CostVantage = z.strictObject({
  apiUrl: Url.default('https://api.vantage.sh'),
  /** A token with the scope `read`. */
  apiToken: SecretRef,
  /** Needed when the token reaches several workspaces. */
  workspaceToken: z.string().startsWith('wrkspc_', 'must begin with wrkspc_').optional(),
  /**
   * Charge types under which a commitment pays for a resource, as the filter "Charge Type" of your cost reports shows them.
   * An empty list: coverage by that kind of commitment is not asked for.
   */
  commitmentCharges: z
    .strictObject({ reservation: z.array(ChargeType), savingsPlan: z.array(ChargeType) })
    .default({ reservation: ['DiscountedUsage'], savingsPlan: ['SavingsPlanCoveredUsage'] }),
  /** Cost report of each account, for anomalies: Vantage detects them per report and does not name the account. */
  anomalyReports: z.record(z.string(), z.string().startsWith('rprt_', 'must begin with rprt_')).default({}),
  /** Reads 90 days by resource when an account is new; without it the trend of a resource grows day by day. */
  backfill: z.boolean().default(true),
  /** Refuses an answer whose rows do not add up to the total that Vantage states for them. */
  verifyTotals: z.boolean().default(true),
  /** A bill that ends earlier than this before today says nothing about today. */
  staleAfter: Duration.default(604_800_000),
  pageSize: z.number().int().min(1).max(5000).default(5000),
  limits: z
    .strictObject({
      /** Requests to the cost endpoints in any `costWindow`, for the whole Vantage account. */
      costRequests: z.number().int().positive().default(5),
      costWindow: Duration.default(5_000),
      requestsPerHour: z.number().int().positive().default(1_000),
      /** A request that would have to wait longer for its turn is given up, and the sweep goes on without a bill. */
      longestWait: Duration.default(120_000),
    })
    .prefault({}),
  timeout: Duration.default(60_000),
});
export type CostVantage = z.infer<typeof CostVantage>;
