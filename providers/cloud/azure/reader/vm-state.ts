import type { InstanceFacts } from '../../../../schemas/cloud-facts.ts';
import { unknownWord } from './parse.ts';
import type { WireVm } from './wire-vm.ts';

type State = InstanceFacts['state'];

/**
 * `stopped` is shut down inside but still placed, and billed. `stopping` is on its way there, whatever we do, so it is passed
 * off as neither running nor stopped.
 */
const POWER: Readonly<Record<string, State>> = {
  running: 'running',
  starting: 'pending',
  creating: 'pending',
  stopping: 'pending',
  stopped: 'stopped-allocated',
  deallocating: 'stopping',
  deallocated: 'stopped',
};

type View = WireVm['instanceView'];

/** @throws ProviderError malformed when Azure names a power state we do not know, or none */
export function stateOf(view: View, provisioningState: string | null): State {
  if (provisioningState === 'Deleting') return 'shutting-down';
  const words = (view?.statuses ?? []).flatMap((s) => (s.code?.startsWith('PowerState/') ? s.code.slice(11) : []));
  const [word] = words;
  if (word === undefined && provisioningState === 'Creating') return 'pending';
  const state = word === undefined ? undefined : POWER[word];
  if (state !== undefined) return state;
  throw unknownWord('Microsoft.Compute/virtualMachines/read', {
    field: 'properties.instanceView.statuses',
    found: word === undefined ? null : `PowerState/${word}`,
    fix: 'is not a power state this version knows; nothing is done to it',
  });
}

/** Time of the last operation on it, which for a deallocated machine is the deallocation or later. */
export function stoppedAt(view: View, state: State): string | null {
  return state === 'stopped' ? lastOperationAt(view) : null;
}

export function lastOperationAt(view: View): string | null {
  return (view?.statuses ?? []).find((s) => s.code === 'ProvisioningState/succeeded')?.time ?? null;
}

/**
 * Local disks that lose more than scratch data on deallocation: storage-optimised and HPC sizes, GPU sizes with NVMe, and the
 * `d` sizes from version 6 on. Null: a size whose disks we do not know.
 */
export function hasLocalDisks(vmSize: string): boolean | null {
  const size =
    /^(?:Standard|Basic)_(?<family>[A-Z]+)\d+(?:-\d+)?(?<features>[a-z]*)(?:_[A-Z0-9]+)*(?:_v(?<version>\d+))?$/.exec(
      vmSize,
    )?.groups;
  const { family = '', features = '', version = '1' } = size ?? {};
  if (/^(L|H|HB|HC|HX|N|NC|ND|NV|NP|NG)$/.test(family)) return true;
  if (!/^(A|B|D|DS|DC|E|EC|ES|F|FS|FX|G|GS|M)$/.test(family)) return null;
  return features.includes('d') && Number(version) >= 6;
}
