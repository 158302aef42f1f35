import type { CloudWorld } from '../clouds/world.ts';
import { diskRow, disksOf, snapshotRow } from './disk-rows.ts';
import { GoogleRefusal, notFound } from './google-error.ts';
import { addressRow, instanceRow } from './rows.ts';
import { linkTo, zoneIn } from './spell.ts';

type Row = Record<string, unknown>;
const COLLECTIONS = ['instances', 'disks', 'addresses', 'snapshots'];
const TYPES = /^(?:(?:e2|n1|n2|n2d|c2|t2d)-(?:standard|highmem|highcpu)-\d+|e2-(?:micro|small|medium))$/;

export interface ReadDeps {
  readonly world: CloudWorld;
  readonly suspended: ReadonlySet<string>;
  /** Instance key → groups and pools that count on it, beside its own manager. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** Every row of one collection of a project. @throws GoogleRefusal */
export function rowsOf({ world, suspended }: ReadDeps, project: string, collection: string): Row[] {
  const ofKind = (kind: string) => world.all().filter((r) => r.kind === kind && r.accountId === project);
  switch (collection) {
    case 'instances':
      return ofKind('instance').map((vm) => instanceRow(vm, suspended.has(vm.key)));
    case 'disks':
      return disksOf(world, project).map(diskRow);
    case 'addresses':
      return ofKind('address').map(addressRow);
    case 'snapshots':
      return world.state.snapshots.filter((s) => s.accountId === project && !s.gone).map((s) => snapshotRow(world, s));
    default:
      throw notFound(collection);
  }
}

/** One resource by its key. @throws GoogleRefusal */
export function oneRow(deps: ReadDeps, project: string, key: string): Row {
  const collection = key.split('/').at(-2) ?? '';
  if (collection === 'machineTypes') return machineType(key);
  if (!COLLECTIONS.includes(collection)) throw notFound(key);
  const row = rowsOf(deps, project, collection).find((r) => r['selfLink'] === linkTo(key));
  if (row === undefined) throw notFound(key.replace('//compute.googleapis.com/', ''));
  return row;
}

/** Instances by zone, addresses by region: each under its own scope, and the empty scopes too. */
export function scoped(rows: readonly Row[], collection: string, scopes: readonly string[]): Row {
  const of = (row: Row) => /(zones|regions)\/[^/]+/.exec(String(row['selfLink']))?.[0] ?? 'global';
  const empty = { warning: { code: 'NO_RESULTS_ON_PAGE', message: 'There are no results for scope on this page.' } };
  const groups = Map.groupBy(rows, of);
  return Object.fromEntries([
    ...scopes.map((scope) => [scope, empty] as const),
    ...[...groups].map(([scope, own]) => [scope, { [collection]: own }] as const),
  ]);
}

/** Who counts on the instances of a zone; `-` for all of them. */
export function referrerRows({ world, groups }: ReadDeps, at: { project: string; zone: string; name: string }): Row[] {
  const mine = world
    .all()
    .filter((r) => r.kind === 'instance' && r.accountId === at.project && zoneIn(r.region) === at.zone)
    .filter((r) => at.name === '-' || r.name === at.name);
  if (at.name !== '-' && mine.length === 0) throw notFound(at.name);
  const reference = (target: string, referrer: string): Row => ({
    kind: 'compute#reference',
    referenceType: 'MEMBER_OF',
    referrer: linkTo(referrer),
    target: linkTo(target),
  });
  return mine.flatMap((vm) => {
    const place = `//compute.googleapis.com/projects/${vm.accountId}/zones/${zoneIn(vm.region)}`;
    const managed =
      vm.group === null ? [] : [`${place}/instanceGroupManagers/${vm.group}`, `${place}/instanceGroups/${vm.group}`];
    return [...managed, ...(groups.get(vm.key) ?? [])].map((name) => reference(vm.key, name));
  });
}

function machineType(key: string): Row {
  const name = key.split('/').at(-1) ?? '';
  if (!TYPES.test(name)) throw new GoogleRefusal(404, 'notFound', `The resource '${name}' was not found`);
  const guestCpus = Number(/-(\d+)$/.exec(name)?.[1] ?? 2);
  return { kind: 'compute#machineType', name, guestCpus, memoryMb: guestCpus * 4096, maximumPersistentDisks: 128 };
}
