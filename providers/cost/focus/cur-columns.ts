/** The table of AWS data exports, and its predecessor, which has the same columns under other names. */
export type CurVersion = 'CUR 2.0' | 'CUR';

/** Without one of these a report says nothing about money over time, and is refused whole. */
export const CUR_NEEDED = [
  'bill_payer_account_id',
  'bill_billing_period_start_date',
  'bill_billing_period_end_date',
  'line_item_usage_account_id',
  'line_item_line_item_type',
  'line_item_usage_start_date',
  'line_item_usage_end_date',
  'line_item_currency_code',
  'line_item_unblended_cost',
] as const;

/** Columns that a report may leave out, and what is not known without them. */
export const CUR_WANTED = [
  'line_item_resource_id',
  'reservation_effective_cost',
  'savings_plan_savings_plan_effective_cost',
] as const;

/** FOCUS columns that one column of the report states as it is. */
export const SAME_AS: Readonly<Record<string, string>> = {
  AvailabilityZone: 'line_item_availability_zone',
  BillingAccountId: 'bill_payer_account_id',
  BillingAccountName: 'bill_payer_account_name',
  BillingCurrency: 'line_item_currency_code',
  BillingPeriodEnd: 'bill_billing_period_end_date',
  BillingPeriodStart: 'bill_billing_period_start_date',
  ChargeDescription: 'line_item_line_item_description',
  ChargePeriodEnd: 'line_item_usage_end_date',
  ChargePeriodStart: 'line_item_usage_start_date',
  InvoiceId: 'bill_invoice_id',
  InvoiceIssuerName: 'bill_invoicing_entity',
  ListCost: 'pricing_public_on_demand_cost',
  ListUnitPrice: 'pricing_public_on_demand_rate',
  PricingQuantity: 'line_item_usage_amount',
  PricingUnit: 'pricing_unit',
  PublisherName: 'line_item_legal_entity',
  RegionId: 'product_region_code',
  ResourceId: 'line_item_resource_id',
  SkuId: 'product_sku',
  SkuPriceId: 'pricing_rate_code',
  SubAccountId: 'line_item_usage_account_id',
  SubAccountName: 'line_item_usage_account_name',
  Tags: 'resource_tags',
};

/**
 * The report's own column name. The predecessor's `lineItem/UsageAccountId` became `line_item_usage_account_id` by one
 * rule, an underscore before every capital, which is also why an ARN is an `a_r_n`.
 */
export function curColumn(name: string): string {
  const trimmed = name.trim();
  const parts = /^([a-zA-Z]+)\/([A-Za-z]+)$/.exec(trimmed);
  if (!parts) return trimmed;
  const snake = (text: string) => text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^_/, '');
  return `${snake(parts[1] ?? '')}_${snake(parts[2] ?? '')}`;
}

/** Which report these columns are of; null when they are of none. */
export function curVersionOf(names: readonly string[]): CurVersion | null {
  if (names.some((name) => name.trim() === 'line_item_usage_account_id')) return 'CUR 2.0';
  return names.some((name) => name.trim() === 'lineItem/UsageAccountId') ? 'CUR' : null;
}
