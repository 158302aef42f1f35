import type { DailyBillRow } from '../kit/bill-source.ts';

/** The words under which a bill line stands in the filter "Charge Type". */
export function chargeTypeOf({ chargeType, commitment }: DailyBillRow): string {
  if (chargeType === 'usage' && commitment !== null) {
    if (commitment.type === 'reservation') return commitment.unused ? 'RIFee' : 'DiscountedUsage';
    return commitment.unused ? 'SavingsPlanRecurringFee' : 'SavingsPlanCoveredUsage';
  }
  return { usage: 'Usage', purchase: 'Fee', credit: 'Credit', refund: 'Refund', tax: 'Tax' }[chargeType];
}
