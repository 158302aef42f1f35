import type { CloudProvider } from '../../schemas/resource-type.ts';
import { awsRegion, awsZone } from './aws-regions.ts';
import { azureRegion, azureZone } from './azure-regions.ts';
import { gcpRegion, gcpZone } from './gcp-regions.ts';
import type { Reading } from './reading.ts';

const REGIONS = { aws: awsRegion, azure: azureRegion, gcp: gcpRegion } as const;
const ZONES = { aws: awsZone, azure: azureZone, gcp: gcpZone } as const;

/**
 * The region in its one spelling, from a region's name, its display name, or a zone in it; `global` for what the cloud calls
 * global. A region that was opened yesterday is read as well: shapes are known, not lists.
 */
export function regionOf(provider: CloudProvider, text: string): Reading<string> {
  return REGIONS[provider](text);
}

/** The same for a zone. `zone` is the cloud's own name of it: `eu-west-1a`, `1`, `europe-west12-c`. */
export function zoneOf(
  provider: CloudProvider,
  text: string,
): Reading<{ readonly region: string; readonly zone: string }> {
  return ZONES[provider](text);
}
