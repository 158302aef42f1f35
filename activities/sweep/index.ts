import type { SweepActivities } from '../contracts.ts';
import type { GatherDeps } from '../gather/gather-context.ts';
import { withFailures } from '../shared/failures.ts';
import { scanPage } from './scan-page.ts';
import { type StartDeps, startRemediations } from './start-remediations.ts';

export function createSweepActivities(deps: GatherDeps & StartDeps): SweepActivities {
  return withFailures<SweepActivities>({
    beginSweep: ({ sweepId }) => deps.store.sweeps.begin(sweepId, deps.clock().toISOString()),
    scanPage: (input) => scanPage(deps, input),
    startRemediations: (input) => startRemediations(deps, input),
  });
}
