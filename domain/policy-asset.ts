import type { MutationRequest } from '../ports/policy.ts';
import type { CloudFacts } from '../schemas/cloud-facts.ts';
import type { TagSetters } from '../schemas/tag-setters.ts';
import { UNKNOWN_SETTERS } from './tag-setters.ts';
import { policyTags } from './policy-tags.ts';

/**
 * The asset as every policy sees it, whoever asks: the person who decides, the executor that acts. Facts nobody has count
 * as managed by something unknown, and tags whose setter nobody knows as set by anybody.
 */
export function policyAsset(asset: {
  readonly assetKey: string;
  readonly environment: MutationRequest['asset']['environment'];
  readonly accountId: string;
  readonly owner: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly facts: CloudFacts | null;
  readonly tagSetters: TagSetters | null | undefined;
}): MutationRequest['asset'] {
  const { tags, facts, tagSetters, ...rest } = asset;
  const instance = facts?.kind === 'instance' ? facts : null;
  return {
    ...rest,
    tagSetters: tagSetters ?? UNKNOWN_SETTERS,
    tags: policyTags(tags),
    managedBy: facts === null ? 'unknown' : (instance?.managedBy ?? 'none'),
    autoScaled: instance !== null && instance.scalingGroup !== null,
  };
}
