import { camelWords, chunksOf } from './fold.ts';

/** Longer parts are nobody's joined words. */
const LONGEST_JOINED = 40;
/** Words of two letters that are joined to others. Any two letters would take ordinary words apart: `drops`, `atom`. */
const SHORT: ReadonlySet<string> = new Set(['do', 'no', 'dr', 'on', 'be', 'is', 'it', 'to', 'me', 'vm']);
/** At least one part is this long, for the same reason. */
const LONG_PART = 4;

/**
 * Reads texts into words, and takes apart what is written together in one case when all of it is words that are known:
 * `donotdelete`, `legalhold`. `household` stays as it is, because `house` is not in the list.
 */
export class Lexicon {
  readonly #words: ReadonlySet<string>;
  readonly #read = new Map<string, readonly string[]>();

  constructor(words: Iterable<string>) {
    this.#words = new Set([...words].filter((w) => w.length > 2 || SHORT.has(w)));
  }

  wordsOf(text: string): readonly string[] {
    const known = this.#read.get(text);
    if (known !== undefined) return known;
    const words = chunksOf(text).flatMap(
      (chunk) => this.#apart(chunk) ?? camelWords(chunk).flatMap((w) => this.#apart(w) ?? [w]),
    );
    // Keys and environments repeat over a whole estate; texts that do not must not fill the memory.
    if (this.#read.size >= 20_000) this.#read.clear();
    this.#read.set(text, words);
    return words;
  }

  /** The fewest known words that make up all of it, or null when they do not. */
  #apart(chunk: string): string[] | null {
    const text = chunk.toLowerCase();
    if (text.length > LONGEST_JOINED || this.#words.has(text)) return null;
    const best: (string[] | null)[] = [[]];
    for (let end = 1; end <= text.length; end++) {
      best[end] = null;
      for (let start = 0; start < end; start++) {
        const before = best[start];
        const word = text.slice(start, end);
        if (!before || !this.#words.has(word)) continue;
        const now = best[end];
        if (!now || before.length + 1 < now.length) best[end] = [...before, word];
      }
    }
    const parts = best[text.length] ?? null;
    return parts?.some((part) => part.length >= LONG_PART) ? parts : null;
  }
}

/** Where the words of `phrase` stand one after the other in `words`; -1 when they do not. */
export function indexOfPhrase(words: readonly string[], phrase: readonly string[]): number {
  for (let i = 0; i + phrase.length <= words.length; i++) if (phrase.every((w, j) => words[i + j] === w)) return i;
  return -1;
}
