/** What the orchestration worker registers. */
export { remediateAsset } from './remediate-asset.ts';
export { sweepEstate } from './sweep-estate.ts';
export { sweepPartition } from './sweep-partition.ts';
export { anchorAudit } from './anchor-audit.ts';
