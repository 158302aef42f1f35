/** How the export names a resource. Any of it may be missing. */
export interface ExportedResource {
  /** e.g. `//compute.googleapis.com/projects/123/zones/us-central1-a/instance/456` */
  readonly globalName: string | null;
  /** Given by the user: the name alone, or a path that ends with it. */
  readonly name: string | null;
  readonly projectId: string;
  readonly projectNumber: string | null;
  readonly zone: string | null;
  readonly region: string | null;
}

const GLOBAL_NAME = /^\/\/(?<service>[a-z0-9.-]+)\/projects\/(?<project>[^/]+)\/(?<rest>.+)$/;
/** Services whose full resource names begin with another name than their API. */
const SERVICES: Readonly<Record<string, string>> = { 'sqladmin.googleapis.com': 'cloudsql.googleapis.com' };

/**
 * The full resource name of an asset, as inventories spell it: project by id instead of number, the kind in the plural, and
 * the resource by its name instead of its number. What cannot be read is kept as the export has it: then it is simply found
 * for no asset. Empty when no resource is named.
 */
export function fullResourceName(resource: ExportedResource): string {
  const { globalName, projectId, projectNumber } = resource;
  if (!globalName) return '';
  const groups = GLOBAL_NAME.exec(globalName)?.groups;
  if (!groups) return globalName;
  const { service = '', project = '', rest = '' } = groups;
  const owner = project === projectNumber ? projectId : project;
  const parts = rest.split('/');
  const id = parts.pop() ?? '';
  const kind = parts.pop();
  if (kind === undefined) return globalName;
  const name = /^\d+$/.test(id) ? lastPart(resource.name) : id;
  if (name === null) return globalName;
  const place = parts.length > 0 ? parts.join('/') : placeOf(service, kind, resource);
  const path = [place, plural(kind), name].filter((part) => part !== '').join('/');
  return `//${SERVICES[service] ?? service}/projects/${owner}/${path}`;
}

/** Compute Engine's names always say where; other services’ do not need to. */
function placeOf(service: string, kind: string, { zone, region }: ExportedResource): string {
  if (service !== 'compute.googleapis.com') return '';
  if (zone && /^(instance|disk)s?$/.test(kind)) return `zones/${zone}`;
  return region ? `regions/${region}` : 'global';
}

function plural(kind: string): string {
  if (kind.endsWith('s') && !kind.endsWith('ss')) return kind;
  return kind.endsWith('s') ? `${kind}es` : `${kind}s`;
}

function lastPart(name: string | null): string | null {
  const last = name?.split('/').at(-1) ?? '';
  return last === '' ? null : last;
}
