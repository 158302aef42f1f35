import { z } from 'zod';

const Links = z.object({ next: z.string().nullish() }).nullish();
const text = z.string().nullish();

/** One row of /costs. Fields that were not grouped by are null. */
export const Cost = z.object({
  accrued_at: z.string().regex(/^\d{4}-\d{2}-\d{2}/, 'must begin with a date'),
  amount: z.string(),
  currency: z.string(),
  resource_id: text,
  service: text,
  region: text,
  account_id: text,
  billing_account_id: text,
});
export type Cost = z.infer<typeof Cost>;

/** Rows are checked one by one, so that a broken one does not take the page with it. */
export const CostPage = z.object({
  links: Links,
  total_cost: z.object({ amount: z.string(), currency: z.string() }),
  costs: z.array(z.unknown()),
});
export type CostPage = z.infer<typeof CostPage>;

export const Commitment = z.object({
  /** `Savings Plan`, `aws_savings_plan`, `Reserved Instance`, … */
  commitment_type: z.string(),
  account: z.string(),
  region: text,
  expiration_date: z.string(),
  status: text,
});
export type Commitment = z.infer<typeof Commitment>;
export const CommitmentPage = z.object({ links: Links, financial_commitments: z.array(z.unknown()) });

export const Anomaly = z.object({
  token: z.string(),
  created_at: z.string(),
  service: text,
  amount: z.string(),
  seven_day_average: text,
  status: z.string(),
  resource_tokens: z.array(z.string()).catch([]),
});
export type Anomaly = z.infer<typeof Anomaly>;
export const AnomalyPage = z.object({ links: Links, anomaly_alerts: z.array(z.unknown()) });

export const Resource = z.object({ uuid: z.string(), account_id: text, billing_account_id: text });
export type Resource = z.infer<typeof Resource>;

export const Me = z.object({
  workspaces: z.array(
    z.object({
      token: z.string(),
      name: z.string(),
      enable_currency_conversion: z.boolean().nullish(),
      currency: text,
    }),
  ),
  bearer_token: z.object({ scope: z.array(z.string()).nullish() }).nullish(),
});

export const ErrorBody = z.object({ errors: z.array(z.string()) });
