import { type AzureId, parseAzureId, valueOf } from '../../../domain/cloud-ids/index.ts';

export type ResourcePath = AzureId;

/** Null when the text is no id of a resource that stands by itself. */
export function parseId(id: string): ResourcePath | null {
  const parsed = valueOf(parseAzureId(id));
  return parsed !== null && parsed.type.split('/').length === 2 ? parsed : null;
}

/** The one spelling of ids in facts and asset keys. */
export function idOf(id: string): string {
  return valueOf(parseAzureId(id))?.id ?? id.toLowerCase();
}

/** Where a lock, an address configuration or a pool hangs: the id up to this part. */
export function idBefore(id: string, part: string): string {
  const folded = id.toLowerCase();
  const at = folded.indexOf(part.toLowerCase());
  return at < 0 ? folded : folded.slice(0, at);
}
