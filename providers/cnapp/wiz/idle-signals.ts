import { z } from 'zod';
import { assetOf, valueOf } from '../../../domain/cloud-ids/index.ts';
import { isProviderError, ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { IdleSignal } from '../../../ports/cnapp.ts';
import type { GraphqlData, WizClient } from './client.ts';
import { failure } from './errors.ts';
import { Instant } from './inventory-row.ts';
import { readAll, readPage } from './paging.ts';

const Settings = z.object({ enabled: z.boolean() });
const Account = z.object({ cloudAccount: z.object({ id: z.string().min(1), externalId: z.string() }) });
const Text = z.string().nullish().catch(null);
const Opportunity = z.object({
  name: z.string().catch('Cost opportunity without a name'),
  updatedAt: Instant,
  resource: z.object({
    externalId: Text,
    graphEntity: z.object({ providerUniqueId: Text }).nullish().catch(null),
  }),
});
const WASTE = 'WASTE';

export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/**
 * Open cost opportunities of the kind "waste" in one account and region. None where the tenant has cloud cost switched off
 * or the service account may not read it. An opportunity whose resource or time cannot be read is left out: it is evidence
 * only.
 */
export async function idleSignals(
  client: WizClient,
  place: Place,
  paging: { readonly pageSize: number; readonly maxPages: number },
): Promise<readonly IdleSignal[]> {
  try {
    const filter = { cloudAccountV2: { externalId: { equals: [place.accountId] } } };
    const account = accountOf(await client.query('costContext', { filter }), place);
    if (account === null) return [];
    const wanted = {
      status: { equals: ['OPEN', 'IN_PROGRESS'] },
      optimizationType: { equalsAny: [WASTE] },
      cloudAccountId: { equals: [account] },
      resource: { region: { equals: [place.region] } },
    };
    const nodes = await readAll(client, { document: 'costOpportunities', filter: wanted, ...paging });
    return nodes.flatMap((node) => signalOf(node, place));
  } catch (error) {
    if (isProviderError(error, Kind.Unauthorised) && error.status === undefined) return [];
    throw error;
  }
}

/** Wiz's own id of the account, by which opportunities are filtered; null: cloud cost is off, or the account is not there. */
function accountOf(data: GraphqlData, place: Place): string | null {
  const settings = Settings.safeParse(data['cloudCostSettings']);
  if (!settings.success) throw failure('costContext', Kind.Malformed, 'cloudCostSettings.enabled is missing');
  const { nodes } = readPage('costContext', data, 'cloudResourcesV2');
  if (!settings.data.enabled || nodes.length === 0) return null;
  const account = Account.safeParse(nodes[0]).data?.cloudAccount;
  if (account?.externalId !== place.accountId)
    throw failure('costContext', Kind.Malformed, `cloudAccount is not ${place.accountId}, which was asked for`);
  return account.id;
}

function signalOf(node: unknown, place: Place): IdleSignal[] {
  const row = Opportunity.safeParse(node).data;
  if (!row?.updatedAt) return [];
  for (const id of [row.resource.graphEntity?.providerUniqueId, row.resource.externalId]) {
    const ref = id ? valueOf(assetOf(id, place)) : null;
    if (ref && ref.accountId === place.accountId && ref.region === place.region)
      return [{ assetKey: ref.assetKey, kind: WASTE, title: row.name, observedAt: row.updatedAt }];
  }
  return [];
}
