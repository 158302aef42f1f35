import { parseGoogleName, valueOf, zoneOf } from '../../../domain/cloud-ids/index.ts';
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

/** Null when the text is no name of a resource of Compute Engine or Cloud SQL. */
export function parseName(text: string): ResourcePath | null {
  const parsed = valueOf(parseGoogleName(text));
  if (parsed === null) return null;
  const { service, project: projectId, scope, place, collection, name } = parsed;
  if (service === 'cloudsql.googleapis.com')
    return { service, projectId, scope: 'none', place: '', collection: 'instances', name };
  if (service !== 'compute.googleapis.com' || scope === 'none' || scope === 'locations') return null;
  return { service, projectId, scope, place, collection, name };
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
  return valueOf(parseGoogleName(link, 'compute.googleapis.com'))?.fullName ?? link;
}

/** What an API calls the resource within a request body. */
export function linkOf(name: string): string {
  return name.replace(/^\/\/[^/]+\//, '');
}

export function lastPart(link: string): string {
  return link.split('/').at(-1) ?? '';
}

/** `europe-west1-b` lies in `europe-west1`, `us-central1-ai1a` in `us-central1`. */
export function regionOfZone(zone: string): string {
  return valueOf(zoneOf('gcp', zone))?.region ?? zone;
}
