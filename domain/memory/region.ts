import type { RegionGroup } from '../../schemas/memory.ts';

/** First match wins: the more telling words come first (`southafricanorth` is no north, `northamerica` no Europe). */
const GROUPS: readonly (readonly [RegExp, RegionGroup])[] = [
  [/^global$/, 'global'],
  [/^af-|africa/, 'africa'],
  [/^me-|^il-|uae|qatar|israel|saudi/, 'middle-east'],
  [/^sa-|southamerica|brazil|chile/, 'south-america'],
  [/^us-|^ca-|^mx-|northamerica|us\d?$|canada|mexico|usgov/, 'north-america'],
  [/^eu-|europe|^uk|france|germany|norway|sweden|switzerland|poland|italy|spain|austria|denmark|belgium/, 'europe'],
  [/^ap-|^cn-|asia|australia|japan|korea|india|china|newzealand|taiwan|indonesia|malaysia/, 'asia-pacific'],
];

/** Which part of the world a region of any provider is in; a spelling nobody taught us is `other`, not a guess. */
export function regionGroup(region: string): RegionGroup {
  const word = region.trim().toLowerCase();
  return GROUPS.find(([pattern]) => pattern.test(word))?.[1] ?? 'other';
}
