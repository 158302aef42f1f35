import type { Config } from '../../config/schema.ts';
import { policyAsset } from '../../domain/policy-asset.ts';
import type { MutationRequest } from '../../ports/policy.ts';
import type { Store } from '../../ports/store.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { CaseDocument } from '../../schemas/records.ts';
import type { JudgedNow } from './judge-now.ts';

/** The asset as the policies see it, from facts just read. */
export function assetNow(
  facts: CloudFacts,
  { owner, tagSetters }: CaseDocument,
  { environment }: JudgedNow,
): MutationRequest['asset'] {
  const { assetKey, accountId, tags } = facts;
  return policyAsset({ assetKey, environment, accountId, owner: owner.subject, tags, facts, tagSetters });
}

export interface Reservation {
  readonly granted: boolean;
  readonly exceeded: string | null;
  readonly budget: MutationRequest['budget'];
}

/** Reserves one change in every blast-radius scope before the policies are asked; idempotent by plan. */
export async function reserveBudget(
  config: Config,
  store: Store,
  change: { planDigest: string; runScope: string; accountId: string; owner: string; now: Date },
): Promise<Reservation> {
  const day = change.now.toISOString().slice(0, 10);
  const { run, day: dayLimit, ownerDay } = config.policy.limits;
  const scopes = {
    run: { scope: `run/${change.runScope}`, limit: run },
    day: { scope: `day/${day}/${change.accountId}`, limit: dayLimit },
    ownerDay: { scope: `owner-day/${day}/${change.owner}`, limit: ownerDay },
  };
  const answer = await store.budgets.reserve({
    reservationId: change.planDigest,
    scopes: Object.values(scopes),
    at: change.now.toISOString(),
  });
  const used = ({ scope, limit }: { scope: string; limit: number }) =>
    [answer.granted ? (answer.used[scope] ?? limit) : limit, limit] as const;
  return {
    granted: answer.granted,
    exceeded: answer.exceeded,
    budget: { run: used(scopes.run), day: used(scopes.day), ownerDay: used(scopes.ownerDay) },
  };
}
