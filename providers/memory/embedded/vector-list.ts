import { cosine } from '../../../domain/memory/ngram-vector.ts';

/** Unit vectors of one space by id, searched one by one: exact, and fast enough for tens of thousands. */
export interface VectorList {
  readonly size: number;
  /** @throws RangeError for a vector of another length. */
  put(id: string, vector: Float32Array): void;
  remove(id: string): void;
  /** Ids of the `depth` nearest, best first; equal ones by id. @throws RangeError for a query of another length. */
  nearest(query: Float32Array, depth: number): string[];
}

export function createVectorList(dim: number): VectorList {
  const vectors = new Map<string, Float32Array>();
  const checked = (vector: Float32Array): Float32Array => {
    if (vector.length === dim) return vector;
    throw new RangeError(`a vector of ${vector.length} dimensions does not belong among those of ${dim}`);
  };
  return {
    get size() {
      return vectors.size;
    },
    put: (id, vector) => void vectors.set(id, checked(vector)),
    remove: (id) => void vectors.delete(id),
    nearest(query, depth) {
      checked(query);
      const best: { id: string; score: number }[] = [];
      for (const [id, vector] of vectors) {
        // Rounded, so that the order of adding up cannot decide between equals.
        const score = Math.round(cosine(query, vector) * 1e6);
        const last = best[depth - 1];
        if (score <= 0 || (last && !before({ id, score }, last))) continue;
        let at = best.length;
        while (at > 0 && before({ id, score }, best[at - 1] as { id: string; score: number })) at--;
        best.splice(at, 0, { id, score });
        if (best.length > depth) best.pop();
      }
      return best.map(({ id }) => id);
    },
  };
}

function before(a: { id: string; score: number }, b: { id: string; score: number }): boolean {
  return a.score > b.score || (a.score === b.score && a.id < b.id);
}
