import type { AccountCosts, CostPort } from '../../ports/cost.ts';
import { ProviderError } from '../../ports/errors.ts';
import type { QuarantineEntry } from '../../schemas/records.ts';

/**
 * Costs of one account for one page. Without a bill the sweep goes on: savings are unknown then, and nothing is ever
 * automated on an unknown saving. What the bill states that cannot be true is quarantined.
 */
export async function costsOfPage(
  cost: CostPort,
  page: { sweepId: string; accountId: string; now: Date; quarantine: QuarantineEntry[] },
): Promise<Pick<AccountCosts, 'byResource'>> {
  const { sweepId, accountId, quarantine } = page;
  const at = page.now.toISOString();
  const note = (rowId: string, found: string, fix: string) =>
    quarantine.push({ sweepId, source: cost.vendor, rowId, field: 'cost', found: found.slice(0, 200), fix, at });
  try {
    return await cost.accountCosts({ accountId, asOf: at });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    note(accountId, error.message, 'run `idlewise doctor`; savings are unknown until the cost source answers');
    return { byResource: new Map() };
  }
}
