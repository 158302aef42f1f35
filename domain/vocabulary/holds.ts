import type { HoldWords } from '../../schemas/rules.ts';
import { indexOfPhrase, type Lexicon } from './lexicon.ts';

/** Answers that take a statement back, as words. */
const DENIALS: ReadonlySet<string> = new Set([
  '',
  'false',
  'no',
  'none',
  'off',
  '0',
  'n a',
  'na',
  'null',
  'n',
  'f',
  'disabled',
  'expired',
]);
/** Answers that say no to something that could be done: `stop = never`. */
const REFUSED: ReadonlySet<string> = new Set([
  'no',
  'never',
  'false',
  '0',
  'off',
  'n',
  'f',
  'not',
  'none',
  'disabled',
  'denied',
]);

/** Words that ask to leave an asset alone, ready to be looked for. */
export interface Holds {
  readonly refusals: readonly (readonly string[])[];
  readonly acts: ReadonlySet<string>;
  /** Acts after a refusal only. */
  readonly afterRefusal: ReadonlySet<string>;
  readonly permissions: ReadonlySet<string>;
  readonly phrases: readonly (readonly string[])[];
  readonly alone: readonly (readonly string[])[];
  readonly names: readonly (readonly string[])[];
  readonly asides: ReadonlySet<string>;
  readonly otherSubjects: ReadonlySet<string>;
}

export function compileHolds(words: HoldWords): Holds {
  const phrases = (list: readonly string[]) => list.map((p) => p.split(' ')).sort((a, b) => b.length - a.length);
  return {
    refusals: phrases(words.refusals),
    acts: new Set(words.acts),
    afterRefusal: new Set(words.afterRefusal),
    permissions: new Set(words.permissions),
    phrases: phrases(words.phrases),
    alone: phrases(words.alone),
    names: phrases(words.names),
    asides: new Set(words.asides),
    otherSubjects: new Set(words.otherSubjects),
  };
}

/** Every word the lists hold, for the lexicon that takes joined words apart. */
export function wordsOfHolds(words: HoldWords): string[] {
  return Object.values(words).flatMap((list) => list.flatMap((phrase) => phrase.split(' ')));
}

/**
 * The words by which a tag asks to leave its asset alone, or null. `do not stop` and the like hold by the key, whatever
 * its value; other keys hold unless their value takes it back; a value holds when it says so by itself.
 */
export function holdOfTag(
  holds: Holds,
  lexicon: Lexicon,
  [rawKey, rawValue]: readonly [string, string],
): string | null {
  const key = lexicon.wordsOf(rawKey);
  const value = lexicon.wordsOf(rawValue);
  const denied = DENIALS.has(value.join(' '));
  const refused = refusal(holds, key) ?? (denied ? null : refusal(holds, [...key, ...value])) ?? refusal(holds, value);
  if (refused !== null) return refused;
  const phrase = (denied ? null : found(holds.phrases, [...key, ...value])) ?? found(holds.phrases, value);
  if (phrase !== null) return phrase;
  // `acme:keep` and `acme.example/keep` are about keeping: what precedes says whose key it is.
  const own = lexicon.wordsOf(rawKey.slice(Math.max(rawKey.lastIndexOf(':'), rawKey.lastIndexOf('/')) + 1));
  for (const words of [key, own]) if (isAct(holds, words) && saysNo(value)) return [...words, ...value].join(' ');
  if (key.some((w) => holds.otherSubjects.has(w))) return null;
  const split = alone(holds, [...own, ...value]);
  return (denied ? null : (alone(holds, key) ?? alone(holds, own) ?? split)) ?? alone(holds, value);
}

/** The same of a name: only what cannot be part of an ordinary one. */
export function holdOfName(holds: Holds, lexicon: Lexicon, name: string): string | null {
  const words = lexicon.wordsOf(name);
  return refusal(holds, words) ?? found(holds.phrases, words) ?? found(holds.names, words);
}

/** `do not`, then an act, with nothing but asides between; or the other way round, `deletion not allowed`. */
function refusal(holds: Holds, words: readonly string[]): string | null {
  for (let i = 0; i < words.length; i++) {
    const no = holds.refusals.find((phrase) => phrase.every((w, j) => words[i + j] === w));
    if (no === undefined) continue;
    let after = i + no.length;
    while (after < words.length && holds.asides.has(words[after] as string)) after++;
    const act = words[after];
    if (act !== undefined && (holds.acts.has(act) || holds.afterRefusal.has(act))) return [...no, act].join(' ');
    let before = i - 1;
    while (before >= 0 && (holds.permissions.has(words[before] as string) || holds.asides.has(words[before] as string)))
      before--;
    const acted = words[before];
    if (acted !== undefined && holds.acts.has(acted)) return [acted, ...no].join(' ');
  }
  return null;
}

/** The key is about an act and nothing else: `auto-stop`, `can be deleted`. */
function isAct(holds: Holds, key: readonly string[]): boolean {
  let acts = 0;
  let allowed = false;
  for (const word of key) {
    if (holds.acts.has(word)) acts++;
    else if (holds.permissions.has(word)) allowed = true;
    else if (!holds.asides.has(word) && !holds.afterRefusal.has(word)) return false;
  }
  // `stopped = false` says what is; only `can be stopped = false` says what may be.
  return acts > 0 || (allowed && key.some((w) => holds.afterRefusal.has(w)));
}

function saysNo(value: readonly string[]): boolean {
  const [first] = value;
  return first !== undefined && REFUSED.has(first);
}

/** Nothing but one of these and asides: `keep`, `keep until`, `legal: hold`. */
function alone(holds: Holds, words: readonly string[]): string | null {
  const hit = holds.alone.find((phrase) => indexOfPhrase(words, phrase) >= 0);
  if (hit === undefined) return null;
  const known = new Set(holds.alone.flat());
  return words.every((w) => known.has(w) || holds.asides.has(w) || /^\p{N}+$/u.test(w)) ? hit.join(' ') : null;
}

function found(phrases: readonly (readonly string[])[], words: readonly string[]): string | null {
  return phrases.find((phrase) => indexOfPhrase(words, phrase) >= 0)?.join(' ') ?? null;
}
