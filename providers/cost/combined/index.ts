import { Decimal } from 'decimal.js';
import type { AssetCost } from '../../../schemas/cost.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { AccountCosts, CostPort } from '../../../ports/cost.ts';

/** Amounts further apart than this share of the larger are a disagreement, not rounding. */
const TOLERANCE = '0.1';

/**
 * Several cost sources as one. The first that knows a resource is believed; another that says something clearly different
 * is named beside it, which lowers confidence. A source that is down fails the whole: half a bill is no bill.
 */
export function combineCosts(
  sources: readonly CostPort[],
  coverage: (source: CostPort, accountId: string) => boolean,
): CostPort {
  const vendor = sources.map((s) => s.vendor).join('+');
  return {
    vendor,
    async accountCosts(query) {
      const own = sources.filter((s) => coverage(s, query.accountId));
      if (own.length === 0)
        throw new ProviderError({
          kind: ProviderErrorKind.Terminal,
          provider: vendor,
          operation: 'accountCosts',
          message: `no configured cost source covers account ${query.accountId}; add one to cost.vendor`,
        });
      const answers = await Promise.all(
        own.map(async (source) => ({ vendor: source.vendor, costs: await source.accountCosts(query) })),
      );
      return merge(query.accountId, answers);
    },
    async anomalies(query) {
      const own = sources.filter((s) => coverage(s, query.accountId));
      return (await Promise.all(own.flatMap((s) => s.anomalies?.(query) ?? []))).flat();
    },
    async check() {
      return (await Promise.all(sources.map(async (s) => `${s.vendor}: ${await s.check()}`))).join('; ');
    },
  };
}

function merge(accountId: string, answers: readonly { vendor: string; costs: AccountCosts }[]): AccountCosts {
  const byResource = new Map<string, AssetCost>();
  for (const { vendor, costs } of answers)
    for (const [key, cost] of costs.byResource) {
      const before = byResource.get(key);
      if (before === undefined) byResource.set(key, cost);
      else if (differs(before, cost))
        byResource.set(key, { ...before, disagreement: { source: vendor, monthlyRunRate: cost.monthlyRunRate } });
    }
  return {
    accountId,
    byResource,
    rejected: answers.flatMap((a) => a.costs.rejected),
    accountTrend: answers.find((a) => a.costs.accountTrend.length > 0)?.costs.accountTrend ?? [],
    requests: answers.reduce((n, a) => n + a.costs.requests, 0),
  };
}

function differs(a: AssetCost, b: AssetCost): boolean {
  if (a.BillingCurrency !== b.BillingCurrency) return true;
  const x = new Decimal(a.monthlyRunRate);
  const y = new Decimal(b.monthlyRunRate);
  const larger = Decimal.max(x.abs(), y.abs());
  return x.minus(y).abs().gt(larger.times(TOLERANCE));
}
