/**
 * What the three clouds call their things, and every way in which sources spell it. One place for ids, accounts, regions and
 * zones: adapters and bills hand in what they were sent and get the one spelling, or a reason why not.
 *
 *   assetOf(text, whereabouts)      the asset, from an ARN, an Azure id, a Google name or self link, or a short id
 *   assetKeyOf(text, whereabouts)   only its key; also for types that are not ours
 *   spellingsOf(assetKey)           how other systems may write that key: what to ask them for
 *   billKey / costKeys              what a line of a bill is about, and what to look an asset's cost up with
 *   accountOf / cloudOfAccount      an account, and whose it is
 *   regionOf / zoneOf               regions and zones in any spelling
 *
 * @module
 */

export { accountOf, accountProblem, cloudOfAccount } from './accounts.ts';
export { type Arn, arnOf, parseArn, partitionOf } from './arn.ts';
export { type AzureId, parseAzureId } from './azure-assets.ts';
export { billKey, costKeys } from './bill-keys.ts';
export { type GoogleName, parseGoogleName } from './gcp-assets.ts';
export { assetKeyOf, assetOf, refOfAssetKey } from './keys.ts';
export { type Reading, read, refuse, valueOf } from './reading.ts';
export { regionOf, zoneOf } from './regions.ts';
export { spellingsOf } from './spellings.ts';
export type { Whereabouts } from './whereabouts.ts';
