/** Columns of FOCUS 1.0 to 1.2 by the version that introduced them; 1.3 is recognised by its provider columns. */
const SINCE_1_0 =
  'AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart ChargeCategory ChargeClass ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName CommitmentDiscountStatus CommitmentDiscountType ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice EffectiveCost InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingQuantity PricingUnit ProviderName PublisherName RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName SkuId SkuPriceId SubAccountId SubAccountName Tags';
const SINCE_1_1 =
  'CapacityReservationId CapacityReservationStatus CommitmentDiscountQuantity CommitmentDiscountUnit ServiceSubcategory SkuMeter SkuPriceDetails';
const SINCE_1_2 =
  'BillingAccountType InvoiceId PricingCurrency PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice SubAccountType';
const SINCE_1_3 = 'HostProviderName ServiceProviderName';

const VERSIONS = [
  ['1.0', SINCE_1_0.split(' ')],
  ['1.1', SINCE_1_1.split(' ')],
  ['1.2', SINCE_1_2.split(' ')],
  ['1.3', SINCE_1_3.split(' ')],
] as const;
export type FocusVersion = (typeof VERSIONS)[number][0];

const CANONICAL = new Map(VERSIONS.flatMap(([, columns]) => columns).map((c) => [c.toLowerCase(), c]));

/** Without one of these a file says nothing about money over time, and is refused whole. */
export const NEEDED = [
  'BilledCost',
  'BillingAccountId',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'EffectiveCost',
] as const;

/** The rest of the mandatory columns: their absence is told, and nothing is derived from them. */
const MANDATORY =
  'BillingAccountName ChargeClass ChargeDescription ContractedCost InvoiceIssuerName ListCost PricingQuantity PricingUnit ServiceCategory ServiceName'.split(
    ' ',
  );
/** Deprecated by 1.3 in favour of the columns that name it. */
const MANDATORY_UNTIL_1_3 = ['ProviderName', 'PublisherName'];

/** Decimal columns nothing is computed from: a bad value there is unknown, not a reason to lose the row. */
export const OTHER_DECIMALS =
  'CommitmentDiscountQuantity ConsumedQuantity ContractedUnitPrice ListUnitPrice PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice PricingQuantity'.split(
    ' ',
  );

/** Closed lists of the specification, without ChargeCategory, which decides what a row means. */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  ChargeClass: ['Correction'],
  ChargeFrequency: ['One-Time', 'Recurring', 'Usage-Based'],
  PricingCategory: ['Standard', 'Dynamic', 'Committed', 'Other'],
  CommitmentDiscountCategory: ['Spend', 'Usage'],
  CommitmentDiscountStatus: ['Used', 'Unused'],
  CapacityReservationStatus: ['Used', 'Unused'],
};
export const CHARGE_CATEGORIES = ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'] as const;
export type ChargeCategory = (typeof CHARGE_CATEGORIES)[number];

/** A column id as the specification spells it; other columns keep their name. */
export function canonicalColumn(name: string): string {
  const trimmed = name.trim();
  return CANONICAL.get(trimmed.toLowerCase()) ?? trimmed;
}

/** The newest version whose own columns are there. */
export function versionOf(columns: ReadonlySet<string>): FocusVersion {
  return VERSIONS.findLast(([, own]) => own.some((c) => columns.has(c)))?.[0] ?? '1.0';
}

/** Mandatory columns that are not there, beyond those without which a file is refused. */
export function absentMandatory(columns: ReadonlySet<string>): readonly string[] {
  const expected = versionOf(columns) === '1.3' ? MANDATORY : [...MANDATORY, ...MANDATORY_UNTIL_1_3];
  return expected.filter((c) => !columns.has(c));
}
