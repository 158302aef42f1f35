import { sandboxPhase } from './places.ts';
import type { SeededAsset } from './types.ts';

/**
 * What the demo must see for an asset: an Outcome, `snoozed`, or null when no remediation may be started.
 * Where the phase is `observe`, nobody is asked and every idle asset ends as `observed`.
 */
export function expectedOutcome(asset: SeededAsset): string | null {
  if (!asset.trulyIdle) return null;
  if (sandboxPhase(asset) === 'observe') return 'observed';
  return asset.demo?.expected ?? null;
}
