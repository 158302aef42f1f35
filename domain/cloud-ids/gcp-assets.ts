import type { ResourceType } from '../../schemas/resource-type.ts';
import { accountOf } from './accounts.ts';
import { gcpRegion, gcpZone } from './gcp-regions.ts';
import { type Reading, read, refuse, valueOf } from './reading.ts';
import { type Place, regionSaid, type Whereabouts } from './whereabouts.ts';

/** `<service>/<collection>` of a full resource name → type. */
const TYPES: Readonly<Record<string, ResourceType>> = {
  'compute.googleapis.com/instances': 'compute.googleapis.com/Instance',
  'compute.googleapis.com/disks': 'compute.googleapis.com/Disk',
  'compute.googleapis.com/addresses': 'compute.googleapis.com/Address',
  'compute.googleapis.com/forwardingRules': 'compute.googleapis.com/ForwardingRule',
  'compute.googleapis.com/images': 'compute.googleapis.com/Image',
  'compute.googleapis.com/snapshots': 'compute.googleapis.com/Snapshot',
  'compute.googleapis.com/vpnGateways': 'compute.googleapis.com/VpnGateway',
  'cloudsql.googleapis.com/instances': 'sqladmin.googleapis.com/Instance',
  'aiplatform.googleapis.com/endpoints': 'aiplatform.googleapis.com/Endpoint',
  'bigquery.googleapis.com/tables': 'bigquery.googleapis.com/Table',
  'container.googleapis.com/clusters': 'container.googleapis.com/Cluster',
  'redis.googleapis.com/instances': 'redis.googleapis.com/Instance',
  'run.googleapis.com/services': 'run.googleapis.com/Service',
};
/** APIs whose resources Cloud Asset Inventory names after another service. */
const SERVICES: Readonly<Record<string, string>> = { sqladmin: 'cloudsql', sql: 'cloudsql' };

/** A full resource name taken apart. */
export interface GoogleName {
  /** `//compute.googleapis.com/projects/p/zones/z/instances/i`: the one spelling. */
  readonly fullName: string;
  /** `compute.googleapis.com`, `cloudsql.googleapis.com`. */
  readonly service: string;
  /** As written: an id, or the number of the project. */
  readonly project: string;
  /** `none`: the name says nothing of where the resource is. */
  readonly scope: 'zones' | 'regions' | 'locations' | 'global' | 'none';
  /** Zone, region or location; empty for what is global or says nothing. */
  readonly place: string;
  /** Of the innermost resource: `instances`. */
  readonly collection: string;
  readonly name: string;
}

const NAME = /^(?:https?:)?\/\/(?<host>[a-z0-9.-]+)\/(?<before>(?:[a-z0-9_]+\/)*)projects\/(?<rest>.+)$/i;
const BUCKET =
  /^(?:\/\/storage\.googleapis\.com\/(?:projects\/_\/buckets\/)?|gs:\/\/|https:\/\/www\.googleapis\.com\/storage\/v1\/b\/)(?<bucket>[a-z0-9][a-z0-9._-]+)\/?$/;

/**
 * Reads full resource names, self links of every host and version (`www.googleapis.com/compute/v1`, `compute.googleapis.com`,
 * `beta`), and the part from `projects/` on where `service` says whose it is.
 */
export function parseGoogleName(text: string, service = ''): Reading<GoogleName> {
  const trimmed = text
    .trim()
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
  const absolute =
    /^\/?projects\//.test(trimmed) && service !== '' ? `//${service}/${trimmed.replace(/^\//, '')}` : trimmed;
  const groups = NAME.exec(absolute)?.groups;
  if (groups === undefined) return refuse(text, 'must be a full resource name: //<service>/projects/<id>/…');
  const { host = '', before = '', rest = '' } = groups;
  const owner = serviceOf(host.toLowerCase(), before.toLowerCase());
  if (owner === null) return refuse(text, `${host} is no host of Google Cloud`);
  const [project = '', ...path] = rest.split('/');
  if (path.length < 2) return refuse(text, 'names a project and no resource in it');
  return read(named(owner, project, path));
}

function named(service: string, project: string, path: readonly string[]): GoogleName {
  const parts = [...path];
  const name = parts.pop() ?? '';
  const collection = plural(parts.pop() ?? '');
  // Zonal clusters have been named both ways.
  if (service === 'container.googleapis.com' && parts[0] === 'zones') parts[0] = 'locations';
  const [first = '', place = ''] = parts;
  const scope =
    first === 'zones' || first === 'regions' || first === 'locations' || first === 'global' ? first : 'none';
  const fullName = `//${service}/projects/${[project, ...parts, collection, name].join('/')}`;
  return {
    fullName,
    service,
    project,
    scope,
    place: scope === 'global' || scope === 'none' ? '' : place,
    collection,
    name,
  };
}

/** `www.googleapis.com/compute/v1/` and `us-central1-aiplatform.googleapis.com/v1/` → the service's own name. */
function serviceOf(host: string, before: string): string | null {
  const label = /^(?:[a-z]+-[a-z]+\d+-)?([a-z]+)(?:\.mtls|\.[a-z]+-[a-z]+\d+\.rep)?\.googleapis\.com$/.exec(host)?.[1];
  const api = label === 'www' ? before.split('/')[0] : label;
  return api === undefined || api === '' ? null : `${SERVICES[api] ?? api}.googleapis.com`;
}

/** Bills write `instance` for `instances`. */
function plural(collection: string): string {
  if (collection === '' || (collection.endsWith('s') && !collection.endsWith('ss'))) return collection;
  return collection.endsWith('s') ? `${collection}es` : `${collection}s`;
}

export function gcpPlace(text: string, at: Whereabouts): Reading<Place> {
  const bucket = BUCKET.exec(text.trim())?.groups?.['bucket'];
  if (bucket !== undefined) return bucketPlace(text, bucket, at);
  const parsed = parseGoogleName(text, at.resourceType?.split('/')[0]);
  if (!parsed.ok) return parsed;
  const project = projectOf(text, parsed.value.project, at);
  if (!project.ok) return project;
  const path = withName(withPlace(parsed.value, at), at);
  if (path === null) return refuse(text, 'has the number of a resource, and its name is not known');
  const found = path.fullName.replace(/\/projects\/[^/]+/, `/projects/${project.value}`);
  return read({
    key: found,
    accountId: project.value,
    region: regionIn(path, at),
    resourceType: TYPES[`${path.service}/${path.collection}`] ?? null,
    resourceId: found,
  });
}

/** Cloud SQL says in no name where an instance is. */
function regionIn(path: GoogleName, at: Whereabouts): Reading<string | null> {
  if (path.scope === 'global') return read('global');
  return path.place === '' ? regionSaid('gcp', at) : gcpRegion(path.place);
}

function projectOf(text: string, project: string, at: Whereabouts): Reading<string> {
  if (!/^\d+$/.test(project)) return accountOf('gcp', project);
  if (project !== at.projectNumber || !at.accountId)
    return refuse(text, `has the project number ${project}, and the id of that project is not known`);
  return accountOf('gcp', at.accountId);
}

/** Bills leave out where a resource of Compute Engine is, whose own names always say it, and have it in a column. */
function withPlace(path: GoogleName, at: Whereabouts): GoogleName {
  if (path.service !== 'compute.googleapis.com' || path.scope !== 'none') return path;
  const zone = gcpZone(at.region ?? '');
  const region = valueOf(gcpRegion(at.region ?? ''));
  if (ZONAL.has(path.collection)) return zone.ok ? within(path, 'zones', zone.value.zone) : path;
  return region === null || region === 'global' ? within(path, 'global', '') : within(path, 'regions', region);
}

const ZONAL = new Set(['instances', 'disks']);

function within(path: GoogleName, scope: 'zones' | 'regions' | 'global', place: string): GoogleName {
  const where = place === '' ? scope : `${scope}/${place}`;
  const { service, project, collection, name } = path;
  return { ...path, scope, place, fullName: `//${service}/projects/${project}/${where}/${collection}/${name}` };
}

/** Compute Engine numbers everything and lets no name begin with a digit; elsewhere a number may be the name. */
function withName(path: GoogleName, at: Whereabouts): GoogleName | null {
  if (path.service !== 'compute.googleapis.com' || !/^\d+$/.test(path.name)) return path;
  const name = at.name?.split('/').at(-1) ?? '';
  if (name === '' || /^\d+$/.test(name)) return null;
  return { ...path, name, fullName: `${path.fullName.slice(0, -path.name.length)}${name}` };
}

function bucketPlace(text: string, bucket: string, at: Whereabouts): Reading<Place> {
  const project = accountOf('gcp', at.accountId ?? '');
  if (!project.ok) return refuse(text, 'is a bucket, whose name says no project, and nothing else says which it is');
  return read({
    key: `//storage.googleapis.com/${bucket}`,
    accountId: project.value,
    region: regionSaid('gcp', at),
    resourceType: 'storage.googleapis.com/Bucket',
    resourceId: `//storage.googleapis.com/${bucket}`,
  });
}
