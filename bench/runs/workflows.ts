/** What the bench's worker registers: the real workflow and its empty shape. */
export { remediateAsset } from '../../workflows/remediate-asset.ts';
export { sameShape } from './same-shape.ts';
