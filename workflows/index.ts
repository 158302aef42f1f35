/** What the orchestration worker registers. */

export { anchorAudit } from './anchor-audit.ts';
export { remediateAsset } from './remediate-asset.ts';
export { shipTelemetry } from './ship-telemetry.ts';
export { sweepEstate } from './sweep-estate.ts';
export { sweepPartition } from './sweep-partition.ts';
