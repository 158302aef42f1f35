import { readSizes } from '../../../providers/cloud/azure/executor/resize-codes.ts';
import { readSnapshots } from '../../../providers/cloud/azure/executor/snapshots.ts';
import { describeAssets } from '../../../providers/cloud/azure/reader/describe-assets.ts';
import { readCreatedTimes } from '../../../providers/cloud/azure/reader/load-balancers.ts';
import { readLocks } from '../../../providers/cloud/azure/reader/locks.ts';
import { readNetworkIndex } from '../../../providers/cloud/azure/reader/network-index.ts';
import { at, textOf } from '../../../providers/rows.ts';
import { createAzureMonitor } from '../../../providers/utilisation/azure-monitor/index.ts';
import type { AssetRef, ResourceType } from '../../../schemas/asset.ts';
import { recordedSession } from '../azure-session.ts';
import { type CloudOutcome, cloudReader, incompleteRow, parsedRows } from '../cloud-reader.ts';
import { azureQuery, billFile } from '../cost-readers.ts';
import type { VendorReaders } from '../reader.ts';

const VM = 'Microsoft.Compute/virtualMachines';

/** Rows of a list, or the one resource that was asked for. */
function rowsIn(body: unknown): readonly object[] {
  const value = at(body, ['value']);
  return Array.isArray(value) ? (value as object[]) : [body as object];
}

const idOf = (node: unknown) => textOf(node, 'id')?.toLowerCase() ?? '';

function refOf(resourceType: ResourceType, node: unknown): AssetRef {
  const assetKey = idOf(node);
  return { provider: 'azure', accountId: 's', region: 'r', resourceType, resourceId: assetKey, assetKey };
}

/** The state is in a list of its own; where a recording has none, the machine runs. */
function withState(node: object): object {
  const properties = at(node, ['properties']) as Record<string, unknown> | undefined;
  const running = {
    statuses: [{ code: 'ProvisioningState/succeeded', time: '2019-01-01T00:00:00Z' }, { code: 'PowerState/running' }],
  };
  return { ...node, properties: { ...properties, instanceView: properties?.['instanceView'] ?? running } };
}

const withoutSubscription = (path: string) => path.replace(/^\/subscriptions\/[^/]+/, '');

async function described(body: unknown, type: ResourceType): Promise<CloudOutcome> {
  const nodes = rowsIn(body);
  const rows = type === VM ? nodes.map(withState) : nodes;
  const byId = new Map(rows.map((node) => [idOf(node), node]));
  // The client asks in its own subscription, whichever a recording is from.
  const byPath = new Map(rows.map((node) => [withoutSubscription(idOf(node)), node]));
  const list = type.toLowerCase();
  const session = recordedSession((path) => {
    const asked = path.toLowerCase();
    if (asked.endsWith(`/providers/${list}`)) return { value: rows };
    return byPath.get(withoutSubscription(asked));
  });
  const created = async () => new Map(rows.map((node) => [idOf(node), '2019-01-01T00:00:00.000Z']));
  const shared = { network: () => readNetworkIndex(session), created };
  const result = await describeAssets(
    session,
    rows.map((node) => refOf(type, node)),
    { detailed: false, shared },
  );
  const own = new Set(byId.keys());
  const refused = result.rejected.filter((row) => row.assetKey === undefined || own.has(row.assetKey));
  return { read: result.facts.size, refused };
}

async function networkCards(body: unknown): Promise<CloudOutcome> {
  const rows = rowsIn(body);
  const index = await readNetworkIndex(
    recordedSession((path) => (path.endsWith('/networkInterfaces') ? { value: rows } : undefined)),
  );
  return { read: index.nics.size, refused: index.rejected };
}

async function locks(body: unknown): Promise<CloudOutcome> {
  const read = await readLocks(
    recordedSession(() => body),
    's',
  );
  return { read: read.filter((lock) => lock.level !== 'unreadable').length, refused: [] };
}

/** What is asked for one resource is answered here as a batch of one. */
async function metrics(body: unknown): Promise<CloudOutcome> {
  const rows = rowsIn(body);
  const resourceid =
    /^(.*)\/providers\/microsoft\.insights\//i.exec(textOf(rows[0], 'id') ?? '')?.[1]?.toLowerCase() ?? '';
  const [start = '', end = ''] = (textOf(body, 'timespan') ?? '').split('/');
  const grains: Record<string, number> = { P1D: 86_400, PT1H: 3600, PT5M: 300, PT1M: 60 };
  const session = recordedSession(() => ({
    values: [{ ...(body as object), starttime: start, endtime: end, namespace: VM, resourceid }],
  }));
  const clients = { config: { subscriptions: [] }, reading: () => session } as never;
  const asset: AssetRef = { ...refOf(VM, { id: resourceid }) };
  const answer = await createAzureMonitor({ clients }).fetch(
    { accountId: 's', region: 'r', start, end, periodSeconds: grains[textOf(body, 'interval') ?? ''] ?? 60 },
    rows.map((row) => ({ asset, metric: textOf(row, 'name', 'value') ?? '', statistic: 'Average' as const })),
  );
  const read = answer.series.get(resourceid)?.length ?? 0;
  return { read, refused: [...answer.incomplete.values()].map(incompleteRow) };
}

const parse = (read: Parameters<typeof parsedRows>[1]) => (body: unknown) =>
  parsedRows(
    rowsIn(body).map((node) => ({ ...node, ...(at(node, ['properties']) as object | undefined) })),
    read,
  );

async function created(body: unknown): Promise<CloudOutcome> {
  await readCreatedTimes(
    recordedSession(() => body),
    's',
  );
  return { read: rowsIn(body).length, refused: [] };
}

const describer = (endpoint: RegExp, type: ResourceType) =>
  cloudReader(endpoint, rowsIn, (body) => described(body, type));

export const azure: VendorReaders = {
  vendor: 'azure',
  readers: [
    azureQuery,
    billFile,
    describer(/Microsoft\.Compute\/virtualMachines(\/\{name\})? \(/, VM),
    describer(/Microsoft\.Compute\/disks(\/\{name\})? \(/, 'Microsoft.Compute/disks'),
    describer(/Microsoft\.Network\/loadBalancers(\/\{name\})? \(/, 'Microsoft.Network/loadBalancers'),
    describer(/Microsoft\.Network\/publicIPAddresses(\/\{name\})? \(/, 'Microsoft.Network/publicIPAddresses'),
    describer(/Microsoft\.Sql\/managedInstances \(/, 'Microsoft.Sql/managedInstances'),
    cloudReader(/Microsoft\.Network\/networkInterfaces(\/\{name\})? \(/, rowsIn, networkCards),
    cloudReader(/Microsoft\.Authorization\/locks \(/, rowsIn, locks),
    cloudReader(/Microsoft\.Compute\/snapshots(\/\{name\})? \(/, rowsIn, parse(readSnapshots)),
    cloudReader(/\/vmSizes \(/, rowsIn, parse(readSizes)),
    cloudReader(/microsoft\.insights\/metrics \(/, rowsIn, metrics),
    cloudReader(/^GET \/subscriptions\/\{sub\}\/resources \(/, rowsIn, created),
  ],
  unread: [
    { endpoint: /prices\.azure\.com/, why: 'not called' },
    {
      endpoint: /operations\/\{name\}/,
      why: 'a change: nothing of the answer is believed, the cloud is looked at again',
    },
    { endpoint: /^GET \/subscriptions( |\/\{sub\} )\(/, why: 'that it answers is all that is asked' },
    {
      endpoint:
        /Microsoft\.Advisor|Compute\/skus|virtualMachineScaleSets|Microsoft\.Sql\/servers|metricDefinitions|ResourceGraph/,
      why: 'not called',
    },
  ],
};
