import type { InstanceFacts } from '../../../../schemas/cloud-facts.ts';
import { unknownWord } from './parse.ts';

type State = InstanceFacts['state'];

/** Google's `TERMINATED` is only off: the machine is there and can be started again. */
const STATES: Readonly<Record<string, State>> = {
  PENDING: 'pending',
  PROVISIONING: 'pending',
  STAGING: 'pending',
  REPAIRING: 'pending',
  RUNNING: 'running',
  PENDING_STOP: 'stopping',
  STOPPING: 'stopping',
  STOPPED: 'stopped',
  TERMINATED: 'stopped',
  /** On its way to a state of its own: passed off as neither running nor off. */
  SUSPENDING: 'pending',
  SUSPENDED: 'suspended',
  DEPROVISIONING: 'shutting-down',
};

/** @throws ProviderError malformed for a status that is not known */
export function stateOf(row: { readonly name: string; readonly status: string }): State {
  const state = STATES[row.status];
  if (state !== undefined) return state;
  throw unknownWord('compute.instances.get', 'status', row.status);
}
