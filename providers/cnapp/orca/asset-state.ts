import { kindOf } from '../../../domain/resource-kinds.ts';
import type { InventoryAsset, ResourceType } from '../../../schemas/asset.ts';
import { flag, texts, type Values } from './values.ts';

const WORDS: Readonly<Record<string, InventoryAsset['status']>> = {
  running: 'active',
  runnable: 'active',
  active: 'active',
  'in-use': 'active',
  'in use': 'active',
  attached: 'active',
  associated: 'active',
  ready: 'active',
  online: 'active',
  stopped: 'inactive',
  deallocated: 'inactive',
  terminated: 'inactive',
  suspended: 'inactive',
  unattached: 'inactive',
  reserved: 'inactive',
  inactive: 'inactive',
  failed: 'error',
  error: 'error',
};

/** The clouds' own words for a state, which Orca passes on. A word that is not here stays unknown. */
export function statusOf(state: unknown, type: ResourceType): InventoryAsset['status'] {
  if (typeof state !== 'string') return 'unknown';
  const word = state.toLowerCase().replace(/^(powerstate\/|vm )/, '');
  // A volume that is "available" hangs on nothing; a database that is "available" runs.
  if (word === 'available') return kindOf(type) === 'volume' ? 'inactive' : 'active';
  return WORDS[word] ?? 'unknown';
}

/** True when any says yes; "no" needs at least one answer. */
export function anyOf(...flags: readonly (boolean | null | undefined)[]): boolean | null {
  if (flags.includes(true)) return true;
  return flags.includes(false) ? false : null;
}

/** Reachable from the internet, as the flag or the word of `Exposure` says. */
export function exposureOf(values: Values): boolean | null {
  const word = typeof values['Exposure'] === 'string' ? values['Exposure'].toLowerCase().replace(/[_-]/g, ' ') : '';
  const said = /^(internet|public) facing$/.test(word) ? true : /^(internal|private|none)$/.test(word) ? false : null;
  return anyOf(flag(values['IsInternetFacing']), said);
}

/** A label says yes. That it is missing says nothing: Orca labels what it found, not what it looked for. */
export function labelled(labels: unknown, wanted: readonly string[]): boolean | null {
  return texts(labels).some((label) => wanted.includes(label)) ? true : null;
}
