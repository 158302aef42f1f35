import { type Reading, read } from '../../../domain/cloud-ids/index.ts';
import { providerOf } from '../../../domain/resource-kinds.ts';
import { readTags } from '../../../domain/tags.ts';
import type { ResourceType } from '../../../schemas/asset.ts';
import { field } from './raw.ts';

/** Tags of a row and of its raw configuration. Google's `tags` are network tags; what people write are its labels. */
export function tagsOf(
  type: ResourceType,
  row: { readonly tags?: unknown; readonly data?: unknown },
): Reading<Record<string, string>> {
  const raw =
    providerOf(type) === 'gcp'
      ? (field(row.data, 'labels') ?? field(row.data, 'settings.userLabels'))
      : (field(row.data, 'tags') ?? field(row.data, 'tagList'));
  const own = readTags(row.tags);
  const described = readTags(raw);
  if (!own.ok) return own;
  return described.ok ? read({ ...own.value, ...described.value }) : described;
}
