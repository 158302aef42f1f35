import type { ReadActivities } from './contracts.ts';
import { gatherContext } from './gather/gather-context.ts';
import { withFailures } from './shared/failures.ts';
import { verifyChange } from './verify/verify-change.ts';
import { verifySaving } from './verify/verify-saving.ts';

/** Reads every source, changes none. */
export function createReadActivities(deps: Parameters<typeof gatherContext>[0]): ReadActivities {
  return withFailures<ReadActivities>({
    gatherContext: (input) => gatherContext(deps, input),
    verifyChange: (input) => verifyChange(deps, input),
    verifySaving: (input) => verifySaving(deps, input),
  });
}
