import type { AccountCosts, CostPort } from '../../ports/cost.ts';
import { ProviderError } from '../../ports/errors.ts';
import type { Quarantine } from './quarantine.ts';

const COMPARE = 'compare the row with the bill; its saving is unknown until then';

/**
 * Costs of one account for one page. Without a bill the sweep goes on: savings are unknown then, and nothing is ever
 * automated on an unknown saving. What the bill states that cannot be true is quarantined.
 */
export async function costsOfPage(
  cost: CostPort,
  page: { accountId: string; now: Date; quarantine: Quarantine },
): Promise<Pick<AccountCosts, 'byResource'>> {
  const { accountId, quarantine } = page;
  try {
    const costs = await cost.accountCosts({ accountId, asOf: page.now.toISOString() });
    const refused = costs.rejected.map(({ resourceId, reason, field = 'cost', found = reason, fix = COMPARE }) => ({
      rowId: resourceId,
      field,
      found,
      fix,
    }));
    quarantine.add(cost.vendor, refused);
    return costs;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const fix = 'run `idlewise doctor`; savings are unknown until the cost source answers';
    quarantine.add(cost.vendor, [{ rowId: accountId, field: 'cost', found: error.message, fix }]);
    return { byResource: new Map() };
  }
}
