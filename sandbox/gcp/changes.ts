import type { WorldResource } from '../clouds/types.ts';
import type { CloudWorld } from '../clouds/world.ts';
import { disksOf, keyOfLink } from './disk-rows.ts';
import { GoogleRefusal, notFound } from './google-error.ts';
import type { Operations } from './operations.ts';
import { settingsVersionOf } from './rows.ts';
import { linkTo, zoneIn } from './spell.ts';

export interface ChangeRequest {
  readonly project: string;
  /** Of the resource, or of the collection for one that is to be made. */
  readonly key: string;
  /** `stop`, `start`, `setMachineType`, `delete`, `insert`, `patch`. */
  readonly verb: string;
  readonly body: unknown;
  readonly requestId: string | null;
  readonly actor: string;
}

interface Deps {
  readonly world: CloudWorld;
  readonly operations: Operations;
  readonly suspended: Set<string>;
}

/** Every change Google Cloud knows how to make here. @throws GoogleRefusal */
export function applyChange(deps: Deps, request: ChangeRequest): Response {
  const { world, operations } = deps;
  const repeated = operations.repeated(request.requestId);
  if (repeated !== null) return repeated;
  const { key, verb } = request;
  if (verb === 'insert') return key.endsWith('/snapshots') ? insertSnapshot(deps, request) : insertDisk(deps, request);
  const resource = world.find(key);
  if (resource === null) throw notFound(key.replace(/^\/\/[^/]+\//, ''));
  if (resource.kind === 'database') return patchDatabase(deps, request, resource);
  if (verb === 'delete') return remove(deps, request, resource);
  if (resource.kind === 'instance') return power(deps, request, resource);
  throw new GoogleRefusal(400, 'invalid', `${verb} is not supported here.`);
}

type Fault = { code: string; message: string };

function accepted({ operations }: Deps, request: ChangeRequest, key: string, error: Fault | null = null): Response {
  const place = /\/(zones|regions)\/([^/]+)\//.exec(key);
  const where =
    place === null
      ? {}
      : {
          [place[1] === 'zones' ? 'zone' : 'region']: linkTo(key.slice(0, key.indexOf(place[0]) + place[0].length - 1)),
        };
  return operations.accept({ where, targetLink: linkTo(key), requestId: request.requestId, error });
}

function power(deps: Deps, request: ChangeRequest, vm: WorldResource): Response {
  const { world, suspended } = deps;
  const { verb, actor, key } = request;
  const off = vm.power === 'stopped';
  if (vm.power === 'starting' || vm.power === 'stopping')
    throw new GoogleRefusal(400, 'resourceNotReady', `The resource '${key}' is not ready`);
  switch (verb) {
    case 'stop':
      if (!off) world.stop(key, actor);
      suspended.delete(key);
      return accepted(deps, request, key);
    case 'start':
      if (!off || world.start(key, actor)) return accepted(deps, request, key);
      return accepted(deps, request, key, {
        code: 'ZONE_RESOURCE_POOL_EXHAUSTED',
        message: `The zone '${zoneIn(vm.region)}' does not have enough resources available to fulfill the request.`,
      });
    case 'setMachineType': {
      const size = (request.body as { machineType?: string }).machineType?.split('/').at(-1);
      if (!off)
        throw new GoogleRefusal(400, 'invalid', 'Machine type can only be changed while the instance is stopped.');
      if (size === undefined) throw new GoogleRefusal(400, 'required', 'machineType is required.');
      world.resize(key, size, actor);
      return accepted(deps, request, key);
    }
    default:
      throw notFound(`${key}/${verb}`);
  }
}

function remove(deps: Deps, request: ChangeRequest, resource: WorldResource): Response {
  const { world } = deps;
  if (resource.protected)
    throw new GoogleRefusal(412, 'conditionNotMet', 'Resource cannot be deleted if it is protected against deletion.');
  if (resource.kind !== 'instance' && resource.attachedTo !== null)
    throw new GoogleRefusal(
      400,
      'resourceInUseByAnotherResource',
      `The resource '${resource.key}' is already being used by '${resource.attachedTo}'`,
    );
  world.remove(resource.key, request.actor);
  return accepted(deps, request, resource.key);
}

/** On or off by policy; with another version of the settings than the present one it is refused. */
function patchDatabase(deps: Deps, request: ChangeRequest, db: WorldResource): Response {
  const { world } = deps;
  const { settings } = request.body as { settings?: { activationPolicy?: string; settingsVersion?: string } };
  if (db.power === 'starting' || db.power === 'stopping')
    throw new GoogleRefusal(
      409,
      'operationInProgress',
      'Operation failed because another operation was already in progress.',
    );
  const version = settings?.settingsVersion;
  if (version !== undefined && Number(version) !== settingsVersionOf(world, db))
    throw new GoogleRefusal(412, 'staleData', 'The settings version is not the current one.');
  if (settings?.activationPolicy === 'NEVER' && db.power === 'running') world.stop(db.key, request.actor);
  if (settings?.activationPolicy === 'ALWAYS' && db.power === 'stopped') world.start(db.key, request.actor);
  return accepted(deps, request, db.key);
}

interface MakeBody {
  readonly name?: string;
  readonly sourceDisk?: string;
  readonly sourceSnapshot?: string;
  readonly labels?: Record<string, string>;
}

function insertSnapshot(deps: Deps, request: ChangeRequest): Response {
  const { world } = deps;
  const { name = '', sourceDisk = '', labels = {} } = request.body as MakeBody;
  if (!/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) throw new GoogleRefusal(400, 'invalid', `Invalid name: ${name}`);
  if (Object.values(labels).some((value) => !/^[a-z0-9_-]{0,63}$/.test(value)))
    throw new GoogleRefusal(400, 'invalid', 'A label value is invalid.');
  const key = `${request.key}/${name}`;
  if (world.findSnapshot(key) !== null)
    throw new GoogleRefusal(409, 'alreadyExists', `The resource '${key}' already exists`);
  const disk = disksOf(world, request.project).find((d) => d.key === keyOfLink(sourceDisk));
  if (disk === undefined) throw notFound(sourceDisk);
  const { accountId, region, sizeGiB } = disk;
  const made = world.snapshot(
    { key, name, accountId, region, sizeGiB, sourceKey: disk.key, tags: labels },
    request.actor,
  );
  const error = made.fails ? { code: 'INTERNAL_ERROR', message: 'The copy could not be completed.' } : null;
  return accepted(deps, request, key, error);
}

/** A disk made again from its snapshot. */
function insertDisk(deps: Deps, request: ChangeRequest): Response {
  const { world } = deps;
  const { name = '', sourceSnapshot = '' } = request.body as MakeBody;
  const key = `${request.key}/${name}`;
  if (world.findSnapshot(keyOfLink(sourceSnapshot)) === null) throw notFound(sourceSnapshot);
  if (world.find(key) !== null) throw new GoogleRefusal(409, 'alreadyExists', `The resource '${key}' already exists`);
  if (!world.restore(key, request.actor)) throw notFound(key);
  return accepted(deps, request, key);
}
