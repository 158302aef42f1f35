import { stripInvisible } from '../untrusted-text.ts';

/**
 * Letters that look like Latin ones, from the tables of confusable characters of Unicode Technical Standard 39: Cyrillic,
 * Greek and Armenian, small capitals, and Latin letters that normalisation leaves as they are.
 */
const LOOKS: readonly (readonly [letters: string, latin: string])[] = [
  ['авекмнорстухѕіјһԁԛԝӏґп', 'abekmhopctyxsijhdqwlrn'],
  ['АВЕКМНОРСТУХЅІЈҺԀԚԜӀҐ', 'ABEKMHOPCTYXSIJHDQWLR'],
  ['αβεηικνορτυχγωϲϳ', 'abenikvoptuxywcj'],
  ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ', 'ABEZHIKMNOPTYXC'],
  ['օոսհցյ', 'onuhgj'],
  ['ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ', 'abcdeghijklmnoprstuvwyz'],
  ['ɑɡıłøđħŧ', 'agilodht'],
];
const LATIN = new Map(LOOKS.flatMap(([letters, latin]) => [...letters].map((c, i) => [c, latin[i] ?? c] as const)));

const LONGEST = 512;
const MARKS = /\p{M}+/gu;
const PLAIN = /^[\x20-\x7e]*$/;

/** Nothing but printable ASCII: what is read is what is there. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/** The text as a reader sees it, in Latin letters: without accents, invisible and look-alike characters. Case stays. */
export function skeleton(text: string): string {
  const cut = text.length > LONGEST ? text.slice(0, LONGEST) : text;
  if (isPlain(cut)) return cut;
  const bare = stripInvisible(cut.normalize('NFKC')).normalize('NFKD').replace(MARKS, '');
  let out = '';
  for (const c of bare) out += LATIN.get(c) ?? c;
  return out.normalize('NFKC');
}

const SEPARATORS = /[^\p{L}\p{N}]+/u;

/** The parts between separators, as they are written: `web-DoNotDelete_1` → web, DoNotDelete, 1. An apostrophe joins. */
export function chunksOf(text: string): string[] {
  return skeleton(text)
    .replace(/['’`´]/g, '')
    .split(SEPARATORS)
    .filter((chunk) => chunk !== '');
}

/** A part by its capitals and digits, in lower case: `DoNotDelete2` → do, not, delete, 2; `DRServer` → dr, server. */
export function camelWords(chunk: string): string[] {
  return chunk
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{L})(\p{N})/gu, '$1 $2')
    .replace(/(\p{N})(\p{L})/gu, '$1 $2')
    .toLowerCase()
    .split(' ');
}

/** The words of a text, whatever joins them. Words that are written together in one case stay one word. */
export function wordsOf(text: string): string[] {
  return chunksOf(text).flatMap(camelWords);
}

/** The words with nothing between: two spellings of a key are one when this is the same. */
export function joined(text: string): string {
  return chunksOf(text).join('').toLowerCase();
}
