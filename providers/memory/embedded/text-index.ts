import MiniSearch from 'minisearch';
import { type Features, featuresOf, HASHED, hashedVector } from '../../../domain/memory/ngram-vector.ts';
import { tokensOf } from '../../../domain/memory/text.ts';
import { createVectorList } from './vector-list.ts';

/** Texts of one sort (guidance, or past cases of one kind of asset), ranked by words and by hashed n-grams. */
export interface TextIndex {
  readonly size: number;
  /** Adds or replaces. */
  put(id: string, text: string): void;
  remove(id: string): void;
  /** One list by BM25, one by cosine of the hashed vectors, each best first: to be fused by rank. */
  rank(text: string, depth: number): readonly (readonly string[])[];
}

export function createTextIndex(): TextIndex {
  const texts = new Map<string, string>();
  const vectors = createVectorList(HASHED.dim);
  const rarity = createRarity();
  const words = new MiniSearch<{ id: string; text: string }>({
    fields: ['text'],
    tokenize: tokensOf,
    processTerm: (term) => term,
  });
  const remove = (id: string) => {
    const text = texts.get(id);
    if (text === undefined) return;
    texts.delete(id);
    // Not `discard`, which leaves the word counts as they were until some later clean-up: scores would depend on history.
    words.remove({ id, text });
    vectors.remove(id);
    rarity.count(featuresOf(text), -1);
  };
  return {
    get size() {
      return texts.size;
    },
    put(id, text) {
      if (texts.get(id) === text) return;
      remove(id);
      const features = featuresOf(text);
      texts.set(id, text);
      words.add({ id, text });
      vectors.put(id, hashedVector(features));
      rarity.count(features, 1);
    },
    remove,
    rank(text, depth) {
      const byWords = words
        .search(text)
        .map(({ id, score }) => ({ id: id as string, score: Math.round(score * 1e6) }))
        .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
        .slice(0, depth)
        .map(({ id }) => id);
      const query = hashedVector(featuresOf(text), (feature) => rarity.of(feature, texts.size));
      return [byWords, vectors.nearest(query, depth)];
    },
  };
}

/** How rare each feature is among the texts: the squared inverse document frequency, since it weighs one side only. */
function createRarity() {
  const having = new Map<string, number>();
  return {
    count(features: Features, change: 1 | -1): void {
      for (const feature of features.keys()) having.set(feature, (having.get(feature) ?? 0) + change);
    },
    of: (feature: string, texts: number): number => Math.log(1 + texts / (1 + (having.get(feature) ?? 0))) ** 2,
  };
}
