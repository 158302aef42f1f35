import { sandboxPhase } from './places.ts';
import type { SeededAsset } from './types.ts';

/** True when a remediation is in order: the asset is idle, or works on a machine several sizes too large. */
export function isOpportunity(asset: SeededAsset): boolean {
  return asset.trulyIdle || asset.archetype === 'over-provisioned';
}

/**
 * What the demo must see for an asset: an Outcome, `snoozed`, or null when no remediation may be started.
 * Where the phase is `observe`, nobody is asked and every opportunity ends as `observed`.
 */
export function expectedOutcome(asset: SeededAsset): string | null {
  if (!isOpportunity(asset)) return null;
  if (sandboxPhase(asset) === 'observe') return 'observed';
  return asset.demo?.expected ?? null;
}
