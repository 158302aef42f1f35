import type { Place } from './places.ts';

export type EffectivePhase = 'observe' | 'approve' | 'automate';

type AccountPhase = Pick<Place, 'accountId' | 'phase' | 'phaseByRegion'>;

/** Phase of a place by configuration: region before account. An account nobody configured is only observed. */
export function effectivePhase(accounts: readonly AccountPhase[], accountId: string, region: string): EffectivePhase {
  const account = accounts.find((a) => a.accountId === accountId);
  if (account === undefined) return 'observe';
  return Object.hasOwn(account.phaseByRegion, region) ? (account.phaseByRegion[region] ?? 'observe') : account.phase;
}
