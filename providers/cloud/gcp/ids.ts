import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';

/** A full resource name taken apart. */
export interface ResourcePath {
  readonly service: 'compute.googleapis.com' | 'cloudsql.googleapis.com';
  readonly projectId: string;
  /** `none`: Cloud SQL says in no name where an instance is. */
  readonly scope: 'zones' | 'regions' | 'global' | 'none';
  /** Zone or region; empty for what is global or says nothing. */
  readonly place: string;
  /** `instances`, `disks`, `addresses`. */
  readonly collection: string;
  readonly name: string;
}

const COMPUTE =
  /^\/\/compute\.googleapis\.com\/projects\/(?<projectId>[^/]+)\/(?:(?<scope>zones|regions)\/(?<place>[^/]+)|global)\/(?<collection>[^/]+)\/(?<name>[^/]+)$/;
const SQL = /^\/\/(?:cloudsql|sqladmin)\.googleapis\.com\/projects\/(?<projectId>[^/]+)\/instances\/(?<name>[^/]+)$/;

/** Null when the text is no name of a resource that is known here. */
export function parseName(text: string): ResourcePath | null {
  const compute = COMPUTE.exec(text)?.groups;
  if (compute !== undefined) {
    const { projectId = '', scope, place = '', collection = '', name = '' } = compute;
    const where = scope === 'zones' || scope === 'regions' ? scope : 'global';
    return { service: 'compute.googleapis.com', projectId, scope: where, place, collection, name };
  }
  const sql = SQL.exec(text)?.groups;
  if (sql === undefined) return null;
  const { projectId = '', name = '' } = sql;
  return { service: 'cloudsql.googleapis.com', projectId, scope: 'none', place: '', collection: 'instances', name };
}

/** @throws ProviderError terminal: a plan or an asset without a usable name is an error of ours */
export function pathOf(text: string): ResourcePath {
  const path = parseName(text);
  if (path !== null) return path;
  throw new ProviderError({
    kind: ProviderErrorKind.Terminal,
    provider: 'gcp',
    operation: 'resource name',
    message: `${text} is no full resource name of Compute Engine or Cloud SQL; nothing was called`,
  });
}

/** `https://…/compute/v1/projects/p/zones/z/disks/d`, or the part from `projects/` on → the full resource name. */
export function nameOfLink(link: string): string {
  const from = link.search(/projects\/[^/]+\/(zones|regions|global)\//);
  return from < 0 ? link : `//compute.googleapis.com/${link.slice(from)}`;
}

/** What an API calls the resource within a request body. */
export function linkOf(name: string): string {
  return name.replace(/^\/\/[^/]+\//, '');
}

export function lastPart(link: string): string {
  return link.split('/').at(-1) ?? '';
}

/** `europe-west1-b` lies in `europe-west1`. */
export function regionOfZone(zone: string): string {
  return zone.replace(/-[a-z]$/, '');
}
