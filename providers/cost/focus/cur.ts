import { decimalOf, Exact } from '../shared/exact.ts';
import { SAME_AS } from './cur-columns.ts';
import type { Cells, Complaint } from './row.ts';
import { type Cell, textOf } from './values.ts';

type Effective = 'billed' | 'nothing' | 'reservation' | 'savings-plan' | 'unused-reservation' | 'unused-savings-plan';

/** What a kind of line item means in FOCUS words, and which columns its costs are in. */
interface Kind {
  readonly category: string;
  readonly frequency: string;
  /** Invoiced; a savings plan invoices its commitment, so what it covers and the line that takes that off again are nothing. */
  readonly billed: 'unblended' | 'nothing';
  readonly effective: Effective;
  readonly status: 'Used' | 'Unused' | null;
}

const usage = (over: Partial<Kind> = {}): Kind => ({
  category: 'Usage',
  frequency: 'Usage-Based',
  billed: 'unblended',
  effective: 'billed',
  status: null,
  ...over,
});
const other = (category: string): Kind => usage({ category, frequency: 'One-Time' });
const recurring = (effective: Effective): Kind =>
  usage({ category: 'Purchase', frequency: 'Recurring', effective, status: 'Unused' });

/** Discounts lower what usage costs, and stay with it; credits and refunds do not come back tomorrow. */
const KINDS: Readonly<Record<string, Kind>> = {
  Usage: usage(),
  DiscountedUsage: usage({ effective: 'reservation', status: 'Used' }),
  SavingsPlanCoveredUsage: usage({ billed: 'nothing', effective: 'savings-plan', status: 'Used' }),
  SavingsPlanNegation: usage({ billed: 'nothing', effective: 'nothing' }),
  RIFee: recurring('unused-reservation'),
  SavingsPlanRecurringFee: recurring('unused-savings-plan'),
  SavingsPlanUpfrontFee: { ...other('Purchase'), effective: 'nothing' },
  Fee: other('Purchase'),
  Tax: other('Tax'),
  Credit: other('Credit'),
  Refund: other('Credit'),
};

/** `EdpDiscount`, `SppDiscount`, `RiVolumeDiscount`, `Discount`, …: AWS names new ones with new programmes. */
function kindOf(type: string): Kind | undefined {
  return KINDS[type] ?? (type.endsWith('Discount') ? usage() : undefined);
}

const RESERVATION = 'reservation_reservation_a_r_n';
const PLAN = 'savings_plan_savings_plan_a_r_n';

/** A row of the report in FOCUS columns. What cannot be said is left out, and judged where every row is. */
export function focusCells(cur: Cells): Cells {
  const type = textOf(cur['line_item_line_item_type']) ?? '';
  const kind = kindOf(type);
  const copied = Object.fromEntries(Object.entries(SAME_AS).map(([focus, column]) => [focus, cur[column] ?? null]));
  const fields = {
    ...copied,
    ServiceName: serviceOf(cur),
    ServiceCategory: null,
    ProviderName: 'AWS',
    ContractedCost: null,
    ChargeClass: null,
  };
  const unblended = cur['line_item_unblended_cost'] ?? null;
  if (!kind) return { ...fields, ChargeCategory: type, BilledCost: unblended, EffectiveCost: unblended };
  return {
    ...fields,
    ChargeCategory: kind.category,
    ChargeFrequency: kind.frequency,
    BilledCost: kind.billed === 'nothing' ? '0' : unblended,
    EffectiveCost: effectiveOf(cur, kind),
    ...commitmentOf(cur, kind),
  };
}

function effectiveOf(cur: Cells, { effective, category }: Kind): Cell {
  switch (effective) {
    case 'nothing':
      return '0';
    case 'reservation':
      return cur['reservation_effective_cost'] ?? null;
    case 'savings-plan':
      return cur['savings_plan_savings_plan_effective_cost'] ?? null;
    case 'unused-reservation':
      return sum(cur, {
        plus: ['reservation_unused_recurring_fee', 'reservation_unused_amortized_upfront_fee_for_billing_period'],
      });
    case 'unused-savings-plan':
      return sum(cur, { plus: ['savings_plan_total_commitment_to_date'], minus: ['savings_plan_used_commitment'] });
    case 'billed':
      // A fee paid in advance is spread over the usage it covers.
      if (category === 'Purchase' && textOf(cur[RESERVATION]) !== null) return '0';
      return cur['line_item_unblended_cost'] ?? null;
  }
}

/** Empty is nothing here, but a column that was not exported, or text that is no number, is not known. */
function sum(cur: Cells, of: { readonly plus: readonly string[]; readonly minus?: readonly string[] }): string | null {
  let total = new Exact(0);
  for (const column of [...of.plus, ...(of.minus ?? [])]) {
    if (!(column in cur)) return null;
    const value = decimalOf(textOf(cur[column]) ?? '0');
    if (value === undefined) return textOf(cur[column]);
    total = of.minus?.includes(column) ? total.minus(value) : total.plus(value);
  }
  return total.toFixed();
}

function commitmentOf(cur: Cells, { status }: Kind): Cells {
  const [plan, reservation] = [textOf(cur[PLAN]), textOf(cur[RESERVATION])];
  if (status === null || (plan === null && reservation === null)) return {};
  const endColumn = plan === null ? 'reservation_end_time' : 'savings_plan_end_time';
  return {
    CommitmentDiscountId: plan ?? reservation,
    CommitmentDiscountCategory: plan === null ? 'Usage' : 'Spend',
    CommitmentDiscountType: plan === null ? 'Reserved Instance' : 'Savings Plan',
    CommitmentDiscountStatus: status,
    x_CommitmentDiscountEnd: cur[endColumn] ?? null,
  };
}

/** The name people know, where it was exported: in a column of its own or inside the map of product attributes. */
function serviceOf(cur: Cells): Cell {
  const attributes = cur['product'];
  const map = typeof attributes === 'string' ? jsonOf(attributes) : attributes;
  const inMap = typeof map === 'object' && map !== null ? (map as Record<string, unknown>)['product_name'] : undefined;
  const named = textOf(cur['product_product_name']) ?? (typeof inMap === 'string' && inMap !== '' ? inMap : null);
  return named ?? textOf(cur['product_servicename']) ?? textOf(cur['line_item_product_code']);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** The complaint in the words of the file it is about. */
export function curComplaint(complaint: Complaint, cur: Cells): Complaint {
  const type = textOf(cur['line_item_line_item_type']) ?? '';
  const kind = kindOf(type);
  if (complaint.column === 'ChargeCategory')
    return {
      column: 'line_item_line_item_type',
      found: type.slice(0, 80) || 'nothing',
      fix: `use one of ${Object.keys(KINDS).join(', ')}, or a name that ends with Discount`,
    };
  const costs: Readonly<Record<string, string>> = {
    BilledCost: 'line_item_unblended_cost',
    EffectiveCost: (kind && EFFECTIVE_COLUMNS[kind.effective]) ?? 'line_item_unblended_cost',
  };
  return { ...complaint, column: costs[complaint.column] ?? SAME_AS[complaint.column] ?? complaint.column };
}

const EFFECTIVE_COLUMNS: Readonly<Partial<Record<Effective, string>>> = {
  reservation: 'reservation_effective_cost',
  'savings-plan': 'savings_plan_savings_plan_effective_cost',
  'unused-reservation': 'reservation_unused_recurring_fee',
  'unused-savings-plan': 'savings_plan_total_commitment_to_date',
};
