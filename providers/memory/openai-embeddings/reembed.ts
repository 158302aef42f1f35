import { caseText, guidanceText } from '../../../domain/memory/text.ts';
import type { GuidanceEntry } from '../../../schemas/memory.ts';
import { pastCaseOf } from '../admit.ts';
import { guidanceRecordId } from '../embedded/guidance-records.ts';
import type { MemoryRecords, StoredRecord } from '../records.ts';
import type { Embedder } from './embedder.ts';

/** Texts of one request: a few thousand tokens, and little lost when it fails. */
const BATCH = 32;

export interface ReembedResult {
  readonly done: number;
  /** The endpoint failed; the rest waits for the next pass. */
  readonly interrupted: boolean;
}

/**
 * One pass over everything whose vector is of another model, length or version. The text is made again from the facets,
 * or from the file, and never taken from the record. Two workers at it at once do the same work twice and no harm.
 */
export async function reembed(parts: {
  readonly records: MemoryRecords;
  readonly embedder: Embedder;
  readonly guidance: readonly GuidanceEntry[];
  readonly stopped: () => boolean;
}): Promise<ReembedResult> {
  const { records, embedder, stopped } = parts;
  const guidance = new Map(parts.guidance.map((entry) => [guidanceRecordId(entry), guidanceText(entry)]));
  let after: string | null = null;
  for (let done = 0; ; ) {
    const rows = await records.ofOtherSpace(embedder.space, after, BATCH);
    if (rows.length === 0 || stopped()) return { done, interrupted: false };
    after = rows.at(-1)?.id ?? after;
    const known = rows.flatMap((record) => {
      const text = textOf(record, guidance);
      return text === null ? [] : [{ record, text }];
    });
    if (known.length === 0) continue;
    const result = await embedder.embed(known.map(({ text }) => text));
    if (!result.ok) {
      // One text that may not leave stops its batch only: what is in the others is none of its business.
      if (result.failure === 'egress-blocked') continue;
      return { done, interrupted: true };
    }
    for (const [at, { record, text }] of known.entries()) {
      const vector = result.vectors[at];
      if (vector) await records.replaceVector(record, { text, embedded: { ...embedder.space, vector } });
    }
    done += known.length;
  }
}

function textOf(record: StoredRecord, guidance: ReadonlyMap<string, string>): string | null {
  const past = pastCaseOf(record.past);
  return past !== null && past.id === record.id ? caseText(past.facets, past) : (guidance.get(record.id) ?? null);
}
