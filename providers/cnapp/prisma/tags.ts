import { z } from 'zod';
import { providerOf } from '../../../domain/resource-kinds.ts';
import type { ResourceType } from '../../../schemas/asset.ts';
import { field } from './raw.ts';

const Pairs = z.array(z.object({ key: z.string(), value: z.string().nullish() }));
const Words = z.record(z.string(), z.string().nullable());

/**
 * Tags of a row or of its raw configuration, or null when they cannot be read: tags keep assets from being touched, so
 * half of them is worse than none. Google's `tags` are network tags; what people write are its labels.
 */
export function tagsOf(type: ResourceType, row: { readonly tags?: unknown; readonly data?: unknown }) {
  const raw =
    providerOf(type) === 'gcp'
      ? (field(row.data, 'labels') ?? field(row.data, 'settings.userLabels'))
      : (field(row.data, 'tags') ?? field(row.data, 'tagList'));
  const own = readTags(row.tags);
  const described = readTags(raw);
  return own === null || described === null ? null : { ...own, ...described };
}

function readTags(value: unknown): Record<string, string> | null {
  if (value === undefined || value === null) return {};
  const pairs = Pairs.safeParse(value);
  if (pairs.success) return Object.fromEntries(pairs.data.map((t) => [t.key, t.value ?? '']));
  const words = Words.safeParse(value);
  if (!words.success) return null;
  // The platform writes "no tags" as one tag without a name.
  return Object.fromEntries(Object.entries(words.data).flatMap(([k, v]) => (k === '' ? [] : [[k, v ?? '']])));
}
