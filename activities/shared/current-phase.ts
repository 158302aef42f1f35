import { placesOf } from '../../domain/places.ts';
import type { Config } from '../../config/schema.ts';
import { effectivePhase } from '../../domain/phase.ts';
import type { Phase } from '../../ports/policy.ts';
import type { Store } from '../../ports/store.ts';

/** Phase in force now: an override by an admin wins over configuration. */
export async function currentPhase(
  config: Config,
  store: Store,
  place: { accountId: string; region: string },
): Promise<Phase> {
  return (
    (await store.settings.phase(place.accountId, place.region)) ??
    effectivePhase(placesOf(config), place.accountId, place.region)
  );
}
