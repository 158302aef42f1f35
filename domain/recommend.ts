import { Decimal } from 'decimal.js';
import type { ActionName, Option, Reversibility } from '../schemas/option.ts';

const DESTRUCTION: Readonly<Record<Reversibility, number>> = { reversible: 0, restorable: 1, irreversible: 2 };

/** From here on an asset is dangerous enough to be stopped even when nothing is saved. */
export const EXPOSED_FROM = 40;

/**
 * The option we would take: the least destructive that saves something and is not blocked; of equals, the one that
 * saves more. A dangerous asset is the exception: there the least destructive option that ends the exposure wins,
 * whatever it saves, and a smaller machine ends nothing. Null: nothing worth doing, or nothing that could be done.
 */
export function recommendOption(options: readonly Option[], exposureScore: number): ActionName | null {
  const possible = options.filter((o) => o.blockers.length === 0);
  if (exposureScore >= EXPOSED_FROM) {
    const ending = possible.filter((o) => o.optionId !== 'resize-instance');
    const best = mildest(ending);
    if (best !== null) return best.optionId;
  }
  return mildest(possible.filter((o) => savingOf(o).gt(0)))?.optionId ?? null;
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
