import type { ResourceType } from '../../schemas/resource-type.ts';
import { RESOURCE_TYPE_NAMES } from '../../schemas/resource-types.ts';
import { accountOf } from './accounts.ts';
import { type Reading, read, refuse } from './reading.ts';
import { type Place, regionSaid, type Whereabouts } from './whereabouts.ts';

const TYPES = RESOURCE_TYPE_NAMES.filter((type) => type.startsWith('Microsoft.'));
const BY_NAME: ReadonlyMap<string, ResourceType> = new Map(TYPES.map((type) => [type.toLowerCase(), type]));

/** A resource id taken apart, all in lower case: Azure's own answers differ in case from call to call. */
export interface AzureId {
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** `microsoft.sql/servers/databases`; empty for the id of a resource group. */
  readonly type: string;
  /** Of the innermost resource. */
  readonly name: string;
}

const ID =
  /^\/subscriptions\/(?<subscriptionId>[^/]+)\/resourcegroups\/(?<resourceGroup>[^/]+)(?:\/providers\/(?<namespace>[^/]+)\/(?<path>.+))?$/;

/** Reads ids in any case, with a trailing slash, without the leading one, and whole addresses of Azure Resource Manager. */
export function parseAzureId(text: string): Reading<AzureId> {
  const id = text
    .trim()
    .toLowerCase()
    .replace(/^https:\/\/management\.[a-z.]+(?=\/)/, '')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/^\/*(?=subscriptions\/)/, '/');
  const groups = ID.exec(id)?.groups;
  if (groups === undefined)
    return refuse(text, 'must be an Azure resource id: /subscriptions/…/resourceGroups/…/providers/…');
  const { subscriptionId = '', resourceGroup = '', namespace = '', path = '' } = groups;
  const parts = path.split('/');
  if (namespace !== '' && parts.length % 2 !== 0) return refuse(text, 'ends with a type and without a name');
  const types = parts.filter((_, i) => i % 2 === 0).join('/');
  const type = namespace === '' ? '' : `${namespace}/${types}`;
  return read({
    id,
    subscriptionId,
    resourceGroup,
    type,
    name: namespace === '' ? resourceGroup : (parts.at(-1) ?? ''),
  });
}

export function azurePlace(text: string, at: Whereabouts): Reading<Place> {
  const parsed = parseAzureId(text);
  if (!parsed.ok) return parsed;
  const { id, subscriptionId, type } = parsed.value;
  const account = accountOf('azure', subscriptionId);
  if (!account.ok) return account;
  return read({
    key: id,
    accountId: account.value,
    region: regionSaid('azure', at),
    resourceType: BY_NAME.get(type) ?? null,
    resourceId: id,
  });
}
