import { unit } from '../../../domain/memory/ngram-vector.ts';
import { caseText, guidanceText } from '../../../domain/memory/text.ts';
import type { GuidanceEntry, PastCase } from '../../../schemas/memory.ts';
import { pastCaseOf } from '../admit.ts';
import type { MemoryRecords, Space, StoredRecord } from '../records.ts';
import { guidanceRecordId } from './guidance-records.ts';
import { createTextIndex, type TextIndex } from './text-index.ts';
import { createVectorList, type VectorList } from './vector-list.ts';

/** The server stamps a write a moment before it can be seen: this much is read again. */
const OVERLAP_MS = 5_000;

export interface Held {
  readonly past: PastCase;
  readonly expiresOn: Date;
}

/** All memory of one tenant in this process, ready to be ranked. */
export interface Library {
  /**
   * Takes in what was written since the last time and lets go of what is to be forgotten by `asOf`. Calls at the same time
   * share one look. @throws ProviderError
   */
  refresh(asOf: Date): Promise<void>;
  readonly guidance: TextIndex;
  readonly guidanceVectors: VectorList | null;
  readonly cases: ReadonlyMap<string, Held>;
  textIndex(kind: string): TextIndex;
  /** Vectors of the endpoint's model, of one kind of asset; null when there is no endpoint. */
  vectors(kind: string): VectorList | null;
  /** Records that were there and were no past case: not written by us. */
  readonly refused: number;
}

export function createLibrary(parts: {
  readonly records: MemoryRecords;
  readonly guidance: readonly GuidanceEntry[];
  /** Null: only hashed vectors are compared here. */
  readonly space: Space | null;
}): Library {
  const { records, space } = parts;
  const newList = () => (space === null ? null : createVectorList(space.dim));
  const cases = new Map<string, Held>();
  const textIndexes = new Map<string, TextIndex>();
  const lists = new Map<string, VectorList | null>();
  const refused = new Set<string>();
  const guidance = createTextIndex();
  const guidanceVectors = newList();
  const entryOf = new Map(parts.guidance.map((entry) => [guidanceRecordId(entry), entry]));
  for (const entry of parts.guidance) guidance.put(entry.id, guidanceText(entry));

  const textIndex = (kind: string) => getOrMake(textIndexes, kind, createTextIndex);
  const vectors = (kind: string) => getOrMake(lists, kind, newList);

  function take(record: StoredRecord): void {
    const { id, embedded, expiresOn } = record;
    const vector = embedded && space && sameSpace(embedded, space) ? unit(embedded.vector) : null;
    const entry = entryOf.get(id);
    if (entry) {
      if (vector) guidanceVectors?.put(entry.id, vector);
      return;
    }
    if (record.kind === 'guidance' || record.kind === 'policy') return;
    forget(id);
    const past = pastCaseOf(record.past);
    if (past === null || past.id !== id || expiresOn === null) {
      refused.add(id);
      return;
    }
    refused.delete(id);
    cases.set(id, { past, expiresOn });
    textIndex(past.facets.kind).put(id, caseText(past.facets, past));
    if (vector) vectors(past.facets.kind)?.put(id, vector);
  }

  function forget(id: string): void {
    const held = cases.get(id);
    if (!held) return;
    cases.delete(id);
    textIndex(held.past.facets.kind).remove(id);
    vectors(held.past.facets.kind)?.remove(id);
  }

  let seen: Date | null = null;
  /** Stamps of what will be read again, so that it is not taken in again. */
  let recent = new Map<string, number>();
  let looking: Promise<void> | null = null;
  async function look(): Promise<void> {
    const since = seen === null ? null : new Date(seen.getTime() - OVERLAP_MS);
    const again = recent;
    recent = new Map();
    for await (const record of records.changedSince(since, space)) {
      const stamp = record.changedOn.getTime();
      if (again.get(record.id) !== stamp) take(record);
      recent.set(record.id, stamp);
      if (seen === null || record.changedOn > seen) seen = record.changedOn;
    }
    for (const [id, stamp] of recent) if (seen && stamp < seen.getTime() - OVERLAP_MS) recent.delete(id);
  }
  return {
    guidance,
    guidanceVectors,
    cases,
    textIndex,
    vectors,
    get refused() {
      return refused.size;
    },
    async refresh(asOf) {
      looking ??= look().finally(() => {
        looking = null;
      });
      await looking;
      for (const [id, { expiresOn }] of cases) if (expiresOn <= asOf) forget(id);
    },
  };
}

export function sameSpace(a: Space, b: Space): boolean {
  return a.model === b.model && a.dim === b.dim && a.version === b.version;
}

function getOrMake<T>(map: Map<string, T>, key: string, make: () => T): T {
  if (!map.has(key)) map.set(key, make());
  return map.get(key) as T;
}
