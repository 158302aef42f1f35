import { databasesByName } from '../../../providers/cloud/gcp/reader/databases.ts';
import { describeAssets, listsOf } from '../../../providers/cloud/gcp/reader/describe-assets.ts';
import { readSnapshots } from '../../../providers/cloud/gcp/executor/snapshots.ts';
import { nameOfLink } from '../../../providers/cloud/gcp/ids.ts';
import { mapGoogleError } from '../../../providers/cloud/gcp/errors.ts';
import { at, textOf } from '../../../providers/rows.ts';
import { createCloudMonitoring } from '../../../providers/utilisation/cloud-monitoring/index.ts';
import type { AssetRef, ResourceType } from '../../../schemas/asset.ts';
import { type CloudOutcome, cloudReader, incompleteRow, parsedRows } from '../cloud-reader.ts';
import type { VendorReaders } from '../reader.ts';

type Collection = 'instances' | 'disks' | 'addresses';

const TYPE: Readonly<Record<Collection, ResourceType>> = {
  instances: 'compute.googleapis.com/Instance',
  disks: 'compute.googleapis.com/Disk',
  addresses: 'compute.googleapis.com/Address',
};

const SINGULAR: Readonly<Record<Collection, string>> = { instances: 'instance', disks: 'disk', addresses: 'address' };

function arrayAt(body: unknown, ...path: readonly string[]): unknown[] {
  const found = at(body, path);
  return Array.isArray(found) ? (found as unknown[]) : [];
}

/** Rows of one place, of all places, or the one resource that was asked for. */
function rowsIn(body: unknown, collection: Collection): readonly unknown[] {
  const items = at(body, ['items']);
  if (Array.isArray(items)) return items as unknown[];
  if (typeof items === 'object' && items !== null)
    return Object.values(items).flatMap((part) => arrayAt(part, collection));
  return textOf(body, 'selfLink') === null ? [] : [body];
}

const linkOf = (node: unknown) => nameOfLink(textOf(node, 'selfLink') ?? '');

function refOf(resourceType: ResourceType, assetKey: string): AssetRef {
  return { provider: 'gcp', accountId: 'p', region: 'r', resourceType, resourceId: assetKey, assetKey };
}

/** A session that answers every list with what was recorded, also where rows of one place are asked for by themselves. */
function sessionOf(rows: Partial<Record<Collection, readonly unknown[]>>, body: unknown = null) {
  const one = (collection: Collection) => async (params: Record<string, string>) => {
    const name = params[SINGULAR[collection]] ?? '';
    return { data: rows[collection]?.find((node) => linkOf(node).endsWith(`/${name}`)) };
  };
  const all = (collection: Collection) => ({
    aggregatedList: async () => ({
      data:
        at(body, ['items']) && !Array.isArray(at(body, ['items'])) && rows[collection]?.length
          ? body
          : { items: { global: { [collection]: rows[collection] ?? [] } } },
    }),
    get: one(collection),
    listReferrers: async () => ({ data: {} }),
  });
  const compute = {
    instances: all('instances'),
    disks: all('disks'),
    addresses: all('addresses'),
    regionDisks: { get: one('disks') },
    globalAddresses: { get: one('addresses') },
  };
  return { compute } as never;
}

async function described(body: unknown, collection: Collection): Promise<CloudOutcome> {
  const nodes = rowsIn(body, collection);
  const session = sessionOf({ [collection]: nodes }, body);
  const refs = nodes.map((node) => refOf(TYPE[collection], linkOf(node)));
  const result = await describeAssets(session, refs, listsOf(session, 'p'));
  const own = new Set(refs.map((ref) => ref.assetKey));
  const refused = result.rejected.filter((row) => row.assetKey === undefined || own.has(row.assetKey));
  return { read: result.facts.size, refused };
}

const databasesIn = (body: unknown) => (textOf(body, 'kind') === 'sql#instance' ? [body] : arrayAt(body, 'items'));
const snapshotsIn = (body: unknown) => (textOf(body, 'kind') === 'compute#snapshot' ? [body] : arrayAt(body, 'items'));

async function databases(body: unknown): Promise<CloudOutcome> {
  const nodes = databasesIn(body);
  const refs = nodes.map((node) =>
    refOf(
      'sqladmin.googleapis.com/Instance',
      `//cloudsql.googleapis.com/projects/p/instances/${textOf(node, 'name') ?? ''}`,
    ),
  );
  const databaseLists = {
    ...listsOf(sessionOf({}), 'p'),
    databases: async () => databasesByName({ nodes, unreachable: [] }),
  };
  const session = { sql: { instances: { get: async () => ({ data: nodes[0] }) } } } as never;
  const result = await describeAssets(session, refs, databaseLists);
  return { read: result.facts.size, refused: result.rejected };
}

/** The error of a call, as the client throws it. */
function refusedAnswer(body: unknown): CloudOutcome {
  throw mapGoogleError(new Error(textOf(body, 'error', 'message') ?? 'no message'), 'recorded');
}

/** Whatever was measured: each series is of one asset that is known by the label we ask by. */
async function series(body: unknown): Promise<CloudOutcome> {
  const all = arrayAt(body, 'timeSeries');
  const timeSeries = all.map((one, i) => ({
    ...(one as object),
    resource: { labels: { zone: 'r-b' } },
    metadata: { systemLabels: { name: `vm-${i}` } },
  }));
  const clients = { config: { projects: [] }, reading: () => ({ call: async () => ({ timeSeries }) }) } as never;
  const window = {
    accountId: 'p',
    region: 'r',
    start: '2018-01-01T00:00:00Z',
    end: '2018-01-02T00:00:00Z',
    periodSeconds: 3600,
  };
  const answer = await createCloudMonitoring({ clients }).fetch(
    window,
    all.map((one, i) => ({
      asset: refOf(
        'compute.googleapis.com/Instance',
        `//compute.googleapis.com/projects/p/zones/r-b/instances/vm-${i}`,
      ),
      metric: textOf(one, 'metric', 'type') ?? '',
      statistic: 'Sum' as const,
    })),
  );
  return { read: answer.series.size, refused: [...answer.incomplete.values()].map(incompleteRow) };
}

const describer = (endpoint: RegExp, collection: Collection) =>
  cloudReader(
    endpoint,
    (body) => rowsIn(body, collection),
    (body) => described(body, collection),
  );

export const gcp: VendorReaders = {
  vendor: 'gcp',
  readers: [
    describer(/^GET (compute-instances|.*(aggregated|zones-[a-z0-9-]+)-instances)/, 'instances'),
    describer(/^GET (compute-disks|.*-disks$)/, 'disks'),
    describer(/-addresses/, 'addresses'),
    cloudReader(/sql-v1beta4-projects-\{project\}-instances(-custodiantestsql)?$/, databasesIn, databases),
    cloudReader(/-> (403|error)$/, () => null, refusedAnswer),
    cloudReader(/global-snapshots/, snapshotsIn, (body) => parsedRows(snapshotsIn(body), readSnapshots)),
    cloudReader(/projects-\{project\}-timeSeries/, (body) => arrayAt(body, 'timeSeries'), series),
  ],
  unread: [
    {
      endpoint: /billing/,
      why: 'not called: costs are read from the export in BigQuery, of which there is no recording',
    },
    { endpoint: /^POST /, why: 'a change: nothing of the answer is believed, the cloud is looked at again' },
    { endpoint: /v1-projects$/, why: 'that it answers is all that is asked' },
    {
      endpoint:
        /backend-?[sS]ervices|forwarding-?[rR]ules|targetPools|[iI]nstance-?(group-?managers|GroupManagers)|instanceTemplate|[mM]achineType|query-mql|recommender|backupRuns|sslCerts/,
      why: 'not called',
    },
  ],
};
