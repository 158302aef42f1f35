import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { cloudOfAccount } from '../../../domain/cloud-ids/index.ts';
import { PROVIDER } from './client.ts';

/** Where Vantage keeps our account: an Azure subscription is a billing account there, its `account_id` a resource group. */
const ACCOUNT_FIELD = { aws: 'account_id', azure: 'provider_account_id', gcp: 'account_id' } as const;

/**
 * VQL for everything of one account, optionally of some charge types. Terms are joined by AND alone, which Vantage does not
 * mix with OR in one group.
 */
export function accountFilter(accountId: string, chargeTypes: readonly string[] = []): string {
  const cloud = cloudOfAccount(accountId);
  if (cloud === null)
    throw new ProviderError({
      kind: ProviderErrorKind.Terminal,
      provider: PROVIDER,
      operation: 'getCosts',
      message: `accountId "${accountId.slice(0, 60)}" is no AWS account, Azure subscription or Google Cloud project`,
    });
  const terms = [`costs.provider = '${cloud}'`, `costs.${ACCOUNT_FIELD[cloud]} = '${accountId}'`];
  if (chargeTypes.length > 0) terms.push(`costs.charge_type IN (${chargeTypes.map((t) => `'${t}'`).join(', ')})`);
  return terms.join(' AND ');
}
