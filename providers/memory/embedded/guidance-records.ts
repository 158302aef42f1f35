import { featuresOf, HASHED, hashedVector } from '../../../domain/memory/ngram-vector.ts';
import { guidanceText } from '../../../domain/memory/text.ts';
import type { GuidanceEntry } from '../../../schemas/memory.ts';
import { sha256 } from '../../../schemas/digest.ts';
import type { MemoryRecords, NewRecord } from '../records.ts';

/** Changes with the text: a vector is never taken for that of another wording. */
export function guidanceRecordId(entry: GuidanceEntry): string {
  return `${entry.id}@${sha256(guidanceText(entry)).slice(0, 12)}`;
}

/** Brings the collection into line with the file. What is equal stays, with the vector an endpoint made for it. */
export async function keepGuidance(records: MemoryRecords, guidance: readonly GuidanceEntry[]): Promise<void> {
  const wanted = guidance.map((entry): NewRecord => {
    const text = guidanceText(entry);
    const embedded = { ...HASHED, vector: hashedVector(featuresOf(text)) };
    return { id: guidanceRecordId(entry), kind: entry.kind, text, embedded, past: null, expiresOn: null };
  });
  await records.put(wanted, { onlyMissing: true });
  await records.dropGuidanceBut(wanted.map(({ id }) => id));
}
