import { cleanText } from '../../domain/untrusted-text.ts';

const MAX_SUMMARY = 600;

/**
 * The model's words as they may be shown: plain text without links, mentions or markup of any chat or ticket system.
 * Null when nothing is left, or when it states a number that was not in the prompt: numbers come from code alone.
 */
export function cleanSummary(text: string | null, prompt: string): string | null {
  if (text === null) return null;
  const plain = cleanText(text, 4 * MAX_SUMMARY)
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S*/gi, ' ')
    .replace(/\b(?:mailto|javascript|data|tel):\S*/gi, ' ')
    .replace(/\bwww\.\S+/gi, ' ')
    .replace(/(?<!\w)(?:[a-z0-9-]+\.)+[a-z]{2,}\/\S*/gi, ' ')
    .replace(/\S*@\S*/g, ' ')
    .replace(/[*_~`#|<>[\]{}\\^]+/g, ' ')
    .replace(/:[a-z0-9+-]+:/gi, ' ');
  const summary = cleanText(plain, MAX_SUMMARY);
  if (summary === '') return null;
  return statesOnly(numbersIn(prompt), numbersIn(summary)) ? summary : null;
}

/** Whole numbers, not digits: a `5` in the prompt does not license a `55` in the summary. */
function numbersIn(text: string): Set<string> {
  return new Set(text.normalize('NFKC').match(/\p{Nd}+(?:[.,]\p{Nd}+)*/gu) ?? []);
}

function statesOnly(allowed: Set<string>, stated: Set<string>): boolean {
  return [...stated].every((number) => allowed.has(number));
}
