import type { WorldResource } from '../clouds/types.ts';
import type { CloudWorld } from '../clouds/world.ts';
import { RESOURCE_GROUP } from '../estate/ids.ts';
import { ArmRefusal, notFound } from './arm-error.ts';
import { diskRow, disksOf, etagOf, snapshotRow, vmRow } from './compute.ts';
import type { Operations } from './operations.ts';
import { keyFor, spelled } from './spell.ts';

export interface ChangeRequest {
  readonly method: string;
  readonly subscription: string;
  /** In lower case: `microsoft.compute/virtualmachines`. */
  readonly type: string;
  readonly name: string;
  /** `deallocate`, `start`, …; null for the resource itself. */
  readonly verb: string | null;
  readonly body: unknown;
  readonly ifMatch: string | undefined;
  readonly actor: string;
  readonly base: string;
}

interface Deps {
  readonly world: CloudWorld;
  readonly operations: Operations;
}

const conflict = (code: string, message: string) => new ArmRefusal(409, code, message);

/** Every change Azure knows how to make here. @throws ArmRefusal */
export function applyChange(deps: Deps, request: ChangeRequest): Response {
  const { world } = deps;
  const { type, method, verb } = request;
  const key = keyFor(request.subscription, type, request.name);
  if (type === 'microsoft.compute/snapshots' && method === 'PUT') return putSnapshot(deps, request);
  if (type === 'microsoft.compute/disks' && method === 'PUT') return putDisk(deps, request, key);
  const resource = world.find(key);
  if (resource === null) {
    if (method === 'DELETE') return new Response(null, { status: 204 });
    throw notFound(spelled(request.subscription, type, request.name));
  }
  if (method === 'DELETE') return remove(deps, request, resource);
  if (resource.kind === 'instance' && method === 'PATCH') return resize(deps, request, resource);
  if (resource.kind === 'instance' && method === 'POST') return power(deps, request, resource);
  if (resource.kind === 'database' && method === 'POST' && (verb === 'stop' || verb === 'start'))
    return power(deps, request, resource);
  throw new ArmRefusal(405, 'MethodNotAllowed', `${method} is not supported here.`);
}

function accepted(
  { operations }: Deps,
  request: ChangeRequest,
  region: string,
  how: Parameters<Operations['accept']>[1] = {},
) {
  const provider = request.type.startsWith('microsoft.sql')
    ? 'Microsoft.Sql'
    : request.type.startsWith('microsoft.network')
      ? 'Microsoft.Network'
      : 'Microsoft.Compute';
  return operations.accept({ base: request.base, subscription: request.subscription, provider, location: region }, how);
}

function power(deps: Deps, request: ChangeRequest, resource: WorldResource): Response {
  const { world } = deps;
  const { verb, actor } = request;
  const allocated = (world.state.allocated ??= []);
  const off = resource.power === 'stopped' || resource.power === 'stopping';
  if (resource.power === 'starting' || (resource.power === 'stopping' && verb === 'start'))
    throw conflict('OperationNotAllowed', 'The resource is being updated; try again when it is done.');
  switch (verb) {
    case 'deallocate':
    case 'stop':
      if (!off || allocated.includes(resource.key)) world.stop(resource.key, actor);
      world.state.allocated = allocated.filter((key) => key !== resource.key);
      world.save();
      return accepted(deps, request, resource.region);
    case 'poweroff':
      if (!off) world.stop(resource.key, actor);
      allocated.push(resource.key);
      world.save();
      return accepted(deps, request, resource.region);
    case 'start': {
      world.state.allocated = allocated.filter((key) => key !== resource.key);
      if (!off || world.start(resource.key, actor)) return accepted(deps, request, resource.region);
      const message = 'Allocation failed. We do not have sufficient capacity for the requested VM size in this region.';
      return accepted(deps, request, resource.region, { error: { code: 'AllocationFailed', message } });
    }
    default:
      throw notFound(`${resource.key}/${verb ?? ''}`);
  }
}

function resize(deps: Deps, request: ChangeRequest, vm: WorldResource): Response {
  if (request.ifMatch !== undefined && request.ifMatch !== '*' && request.ifMatch !== etagOf(vm))
    throw new ArmRefusal(412, 'PreconditionFailed', 'The ETag of the resource does not match.');
  const size = (request.body as { properties?: { hardwareProfile?: { vmSize?: string } } }).properties?.hardwareProfile
    ?.vmSize;
  if (size === undefined)
    throw new ArmRefusal(400, 'InvalidParameter', 'Only hardwareProfile.vmSize can be changed here.');
  deps.world.resize(vm.key, size, request.actor);
  return accepted(deps, request, vm.region, { status: 200, body: vmRow(vm, { view: false, allocated: false }) });
}

function remove(deps: Deps, request: ChangeRequest, resource: WorldResource): Response {
  const { world } = deps;
  if (resource.protected)
    throw conflict(
      'ScopeLocked',
      `The scope '${resource.key}' cannot perform delete operation because following scope(s) are locked.`,
    );
  if (resource.kind === 'volume' && resource.attachedTo !== null)
    throw conflict('OperationNotAllowed', `Disk ${resource.name} is attached to VM ${resource.attachedTo}.`);
  if (resource.kind === 'address' && resource.attachedTo !== null)
    throw new ArmRefusal(400, 'PublicIPAddressCannotBeDeleted', 'The address is still allocated to a resource.');
  world.remove(resource.key, request.actor);
  return accepted(deps, request, resource.region);
}

interface CopyBody {
  readonly location?: string;
  readonly tags?: Record<string, string>;
  readonly properties?: {
    readonly creationData?: { readonly createOption?: string; readonly sourceResourceId?: string };
  };
}

/** Repeated with the same name it is an update, and makes no second copy. */
function putSnapshot(deps: Deps, request: ChangeRequest): Response {
  const { world } = deps;
  const { subscription, name, actor } = request;
  const key = keyFor(subscription, 'microsoft.compute/snapshots', name);
  const body = request.body as CopyBody;
  const sourceKey = body.properties?.creationData?.sourceResourceId?.toLowerCase() ?? '';
  const disk = disksOf(world, subscription).find((d) => d.key === sourceKey);
  if (disk === undefined) throw notFound(sourceKey);
  const present = world.findSnapshot(key);
  const snapshot =
    present ??
    world.snapshot(
      {
        key,
        name,
        accountId: subscription,
        region: disk.region,
        sourceKey,
        sizeGiB: disk.sizeGiB,
        tags: body.tags ?? {},
      },
      actor,
    );
  const error = snapshot.fails ? { code: 'SnapshotFailed', message: 'The copy could not be completed.' } : null;
  return accepted(deps, request, disk.region, { status: 202, error, body: snapshotRow(world, snapshot) });
}

/** A disk made again from its snapshot. */
function putDisk(deps: Deps, request: ChangeRequest, key: string): Response {
  const { world } = deps;
  const source = (request.body as CopyBody).properties?.creationData?.sourceResourceId?.toLowerCase() ?? '';
  if (world.findSnapshot(source) === null) throw notFound(source);
  if (world.find(key) === null && !world.restore(key, request.actor)) throw notFound(key);
  const row = disksOf(world, request.subscription).find((d) => d.key === key);
  if (row === undefined) throw notFound(`${RESOURCE_GROUP}/${request.name}`);
  return accepted(deps, request, row.region, { status: 202, body: diskRow(row) });
}
