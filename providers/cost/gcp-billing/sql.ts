import { z } from 'zod';

/**
 * Credits of commitments: what they pay was charged before, or is charged as a fee of its own. Since January 2026 usage under
 * spend-based commitments has no such credit: it is priced under a consumption model, which the row names.
 */
export const RESOURCE_COMMITMENTS = ['COMMITTED_USAGE_DISCOUNT'];
export const SPEND_COMMITMENTS = ['COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE', 'FEE_UTILIZATION_OFFSET'];
/** Given money: it ends one day, and what the asset costs stays. */
export const GIFTS = ['PROMOTION'];

/**
 * The shortest decimal text of a number is what was meant when it was stored as a binary fraction: sums of those are exact.
 * What is no number (NaN, infinity) becomes null, and is counted instead of spoiling the sum.
 */
const exact = (value: string) => `SAFE_CAST(CAST(${value} AS STRING) AS BIGNUMERIC)`;
const credits = (types: string) =>
  `IFNULL((SELECT SUM(${exact('c.amount')}) FROM UNNEST(credits) AS c WHERE ${types}), 0)`;
const sum = (value: string) => `CAST(IFNULL(SUM(${value}), 0) AS STRING)`;

const UNREADABLE = `COUNTIF(${exact('cost')} IS NULL OR EXISTS(SELECT 1 FROM UNNEST(credits) AS c WHERE ${exact('c.amount')} IS NULL))`;
const DAY = "FORMAT_TIMESTAMP('%F', usage_start_time)";

/**
 * Rows are appended as they arrive, corrections days later, so the partitions are bounded from below only. Ingestion cannot
 * precede usage. Taxes, adjustments and rounding come on top of what an asset costs.
 */
const WHERE = `_PARTITIONTIME >= TIMESTAMP(@from)
  AND usage_start_time >= TIMESTAMP(@from)
  AND usage_start_time < TIMESTAMP(@to)
  AND cost_type = 'regular'
  AND project.id IN UNNEST(@projects)`;

/** The struct of consumption models; tables that were made before it and never written to since have none. */
export const MODEL_COLUMN = 'consumption_model';
const MODEL_COLUMNS = `
  ${MODEL_COLUMN}.id AS model_id,
  ${MODEL_COLUMN}.description AS model_name,`;
const MODEL_GROUPS = ', model_id, model_name';

/** Cost by project, day and resource, as decimal text. No alias is also a column: grouping by one would be ambiguous. */
export function resourcesSql(table: string, { models }: { readonly models: boolean } = { models: true }): string {
  const [columns, groups] = models ? [MODEL_COLUMNS, MODEL_GROUPS] : ['', ''];
  return `SELECT
  project.id AS project_id,
  project.number AS project_number,
  ${DAY} AS usage_day,
  resource.global_name AS global_name,
  resource.name AS resource_name,
  location.region AS region_id,
  location.zone AS zone_id,
  service.description AS service_name,
  currency AS currency_code,${columns}
  ${sum(exact('cost'))} AS charged,
  ${sum(credits('c.type IN UNNEST(@resource_commitments)'))} AS by_resource_commitments,
  ${sum(credits('c.type IN UNNEST(@spend_commitments)'))} AS by_spend_commitments,
  ${sum(credits('c.type IN UNNEST(@gifts)'))} AS gifted,
  ${sum(credits('TRUE'))} AS credited,
  MIN((SELECT MIN(c.id) FROM UNNEST(credits) AS c WHERE c.type IN UNNEST(@commitments))) AS commitment_id,
  ${UNREADABLE} AS unreadable
FROM \`${table}\`
WHERE ${WHERE}
  AND resource.global_name IS NOT NULL
GROUP BY project_id, project_number, usage_day, global_name, resource_name, region_id, zone_id, service_name, currency_code${groups}`;
}

/** Cost by project and day, what no resource explains included. */
export function totalsSql(table: string): string {
  return `SELECT
  project.id AS project_id,
  ${DAY} AS usage_day,
  currency AS currency_code,
  ${sum(exact('cost'))} AS charged,
  ${sum(credits('c.type IN UNNEST(@gifts)'))} AS gifted,
  ${sum(credits('TRUE'))} AS credited,
  ${UNREADABLE} AS unreadable
FROM \`${table}\`
WHERE ${WHERE}
GROUP BY project_id, usage_day, currency_code`;
}

const Text = z.string().nullable();
const Count = z.string().regex(/^\d+$/).transform(Number);

/** One row of `resourcesSql`. */
export const ResourceRow = z.object({
  project_id: z.string(),
  project_number: Text,
  usage_day: z.iso.date(),
  global_name: Text,
  resource_name: Text,
  region_id: Text,
  zone_id: Text,
  service_name: Text,
  currency_code: z.string(),
  charged: z.string(),
  by_resource_commitments: z.string(),
  by_spend_commitments: z.string(),
  gifted: z.string(),
  credited: z.string(),
  commitment_id: Text,
  /** Under which consumption model the usage was priced; null where the table does not say. */
  model_id: Text.default(null),
  model_name: Text.default(null),
  unreadable: Count,
});
export type ResourceRow = z.infer<typeof ResourceRow>;

/** One row of `totalsSql`. */
export const TotalRow = ResourceRow.pick({
  project_id: true,
  usage_day: true,
  currency_code: true,
  charged: true,
  gifted: true,
  credited: true,
  unreadable: true,
});
export type TotalRow = z.infer<typeof TotalRow>;
