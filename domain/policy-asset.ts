import type { MutationRequest } from '../ports/policy.ts';
import type { CloudFacts } from '../schemas/cloud-facts.ts';
import { policyTags } from './policy-tags.ts';

/**
 * The asset as every policy sees it, whoever asks: the person who decides, the executor that acts. Facts nobody has count
 * as managed by something unknown.
 */
export function policyAsset(asset: {
  readonly assetKey: string;
  readonly environment: MutationRequest['asset']['environment'];
  readonly accountId: string;
  readonly owner: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly facts: CloudFacts | null;
  readonly tagSetter: string | null;
}): MutationRequest['asset'] {
  const { tags, facts, ...rest } = asset;
  const instance = facts?.kind === 'instance' ? facts : null;
  return {
    ...rest,
    tags: policyTags(tags),
    managedBy: facts === null ? 'unknown' : (instance?.managedBy ?? 'none'),
    autoScaled: instance !== null && instance.scalingGroup !== null,
  };
}
