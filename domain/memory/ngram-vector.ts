import { parsePairs, tokensOf } from './text.ts';

/** Part of what is stored with each vector: vectors of another model, size or version are never compared with these. */
export const HASHED = { model: 'hashed-ngram', dim: 512, version: 1 } as const;

/** Length of the character n-grams. */
const SIZES = [3, 4] as const;

/** Lists whose values are spelt differently by different teams and clouds; a band has one spelling. */
const SPELT: ReadonlySet<string> = new Set(['type', 'rule', 'evidence', 'reasons', 'tags']);

/** How often each feature of a text occurs. */
export type Features = ReadonlyMap<string, number>;

/**
 * Whole tokens, and the character n-grams of words, so that `cost-center` and `costcentre` point the same way although no
 * token is shared.
 */
export function featuresOf(text: string): Features {
  const counts = new Map<string, number>();
  const add = (feature: string, weight: number) => counts.set(feature, (counts.get(feature) ?? 0) + weight);
  for (const token of tokensOf(text)) add(token, 1);
  const pairs = parsePairs(text);
  const words = pairs.length > 0 ? pairs.filter(({ name }) => SPELT.has(name)) : prose(text);
  for (const { name, value } of words) {
    const grams = gramsOf(`_${value}_`);
    for (const gram of grams) add(`${name}:${gram}`, 1 / Math.sqrt(grams.length));
  }
  return counts;
}

/**
 * Features as a unit vector. Pure: the same text gives the same vector everywhere. `weight` is for a query alone, whose
 * rare features should count for more; what is stored has no weights, so that it does not depend on its neighbours.
 */
export function hashedVector(
  features: Features,
  weight: (feature: string) => number = () => 1,
  dim: number = HASHED.dim,
): Float32Array {
  const vector = new Float32Array(dim);
  for (const [feature, count] of features) {
    const hash = hashOf(feature);
    const at = hash % dim;
    // The sign keeps collisions from adding up.
    vector[at] = (vector[at] ?? 0) + (hash >>> 31 === 0 ? 1 : -1) * count * weight(feature);
  }
  return unit(vector);
}

/** Of length one, or all zero. */
export function unit(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const x of vector) sum += x * x;
  return sum === 0 ? vector : vector.map((x) => x / Math.sqrt(sum));
}

/**
 * Cosine of unit vectors.
 * @throws RangeError when they have different lengths: they are not of one space, whatever the numbers would say.
 */
export function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length)
    throw new RangeError(
      `vectors of ${a.length} and ${b.length} dimensions cannot be compared; embed both with one model`,
    );
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function prose(text: string): { name: string; value: string }[] {
  return tokensOf(text).map((value) => ({ name: '', value }));
}

function gramsOf(word: string): string[] {
  return SIZES.flatMap((size) =>
    Array.from({ length: Math.max(0, word.length - size + 1) }, (_, at) => word.slice(at, at + size)),
  );
}

/** FNV-1a with a last stir: of short texts it leaves the upper bits poor, and both place and sign are read from it. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
