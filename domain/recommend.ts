import { Decimal } from 'decimal.js';
import type { AssetRecord } from '../schemas/detection.ts';
import type { ActionName, Option, Reversibility } from '../schemas/option.ts';
import { EXPOSED_FROM } from './risk/weights.ts';
import { commitmentOf } from './savings/cost-of.ts';

const DESTRUCTION: Readonly<Record<Reversibility, number>> = { reversible: 0, restorable: 1, irreversible: 2 };

/**
 * The option we would take: of the least destructive that are not blocked, the one that saves most. A harsher one is
 * never taken because the milder ones save nothing: then nothing is worth doing now. A dangerous asset is the exception:
 * there the least destructive option that ends the exposure wins, whatever it saves, and a smaller machine ends nothing.
 * Null: nothing worth doing, or nothing that could be done.
 */
export function recommendOption(options: readonly Option[], exposureScore: number): ActionName | null {
  const possible = options.filter((o) => o.blockers.length === 0);
  if (exposureScore >= EXPOSED_FROM) {
    const ending = possible.filter((o) => o.optionId !== 'resize-instance');
    const best = mildest(ending);
    if (best !== null) return best.optionId;
  }
  const best = mildest(possible);
  return best !== null && savingOf(best).gt(0) ? best.optionId : null;
}

/** What is left where nothing is recommended because it is paid for already. */
export interface Maintain {
  /** End of the commitment; null: the bill does not say. */
  readonly until: string | null;
  readonly because: 'reservation' | 'savings-plan' | 'commitment';
}

/** Null unless a commitment pays for the asset and nothing is recommended: then it is kept as it is until that ends. */
export function maintainUntil(record: AssetRecord, recommended: ActionName | null): Maintain | null {
  const { share, kind, endsAt } = commitmentOf(record);
  return recommended !== null || !share.gt(0) ? null : { until: endsAt, because: kind ?? 'commitment' };
}

function mildest(options: readonly Option[]): Option | null {
  let best: Option | null = null;
  for (const option of options) {
    if (best === null) best = option;
    const milder = DESTRUCTION[option.reversibility] - DESTRUCTION[best.reversibility];
    if (milder < 0 || (milder === 0 && savingOf(option).gt(savingOf(best)))) best = option;
  }
  return best;
}

function savingOf(option: Option): Decimal {
  return new Decimal(option.monthlySaving?.amount ?? 0);
}
