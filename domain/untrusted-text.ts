/**
 * Text that someone outside can write: tag keys and values, names, ticket text, CMDB notes.
 * It is shown cleaned, compared folded, and never sent to a model.
 */

/** C0/C1 controls, soft hyphen, zero-width, bidi marks and overrides, variation selectors, tag characters, BOM. */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e01ef}]/gu;

const SPACES = /[\s\u2028\u2029]+/gu;
const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Without the characters nobody sees. */
export function stripInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

export const MAX_UNTRUSTED_LENGTH = 256;

/** NFKC, without control, zero-width and bidi characters, white space collapsed, capped (with `…`). */
export function cleanText(text: string, maxLength: number = MAX_UNTRUSTED_LENGTH): string {
  // Cut first: NFKC of megabytes of hostile input is work nobody asked for. NFKC may grow text up to 18 times.
  const cut = text.length > maxLength * 4 ? text.slice(0, maxLength * 4) : text;
  const cleaned = cut.replace(LONE_SURROGATES, '').normalize('NFKC').replace(INVISIBLE, '').replace(SPACES, ' ').trim();
  const points = [...cleaned];
  return points.length > maxLength ? `${points.slice(0, maxLength - 1).join('')}…` : cleaned;
}

/** For comparing: cleaned and lower case. `Do-Not-Touch\u200b` and `ＤＯ-not-touch` fold to the same word. */
export function foldText(text: string): string {
  // Most tags are short ASCII: skip the Unicode work for them.
  return isPlain(text) ? text.trim().toLowerCase() : cleanText(text).toLowerCase();
}

function isPlain(text: string): boolean {
  if (text.length > MAX_UNTRUSTED_LENGTH) return false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x20 || c > 0x7e) return false;
  }
  return true;
}

/** Phrases that speak to a reader instead of describing a machine. Matched on folded text. */
const INJECTION_PATTERNS: readonly RegExp[] = [
  /\b(ignore|disregard|forget|override|bypass)\b.{0,40}\b(previous|prior|above|earlier|all|any|instructions?|rules?|polic(y|ies)|guardrails?)\b/,
  /\b(system|developer|assistant|user)\s*(prompt|message|role)?\s*[:>\]]/,
  /\byou (are|must|should|will|can|may)\b/,
  /\b(as an? (ai|assistant|language model)|new instructions?|instructions? follow)\b/,
  /\b(risk(delta| ?score| ?level)?|confidence)\b.{0,30}(\b(0|zero|none|low|lower|100)\b|-\d)/,
  /\b(mark|treat|consider|classify|report|rate|set|respond|answer|reply|return|output|say)\b.{0,30}\b(safe|idle|approved?|low|zero|harmless|unused|yes|true)\b/,
  /\b(approve|terminate|delete|stop|destroy)\b.{0,20}\b(immediately|now|automatically|without|all|everything|instance|volume)\b/,
  /\b(no|skip|without|bypass)\b.{0,12}\b(approvals?|reviews?|checks?|human|confirmation)\b/,
  /\b(safe|ok|okay|fine) to (stop|terminate|delete|remove|destroy|act)\b/,
  /<\/?(system|data|instructions?|prompt|s|im_start|im_end)\b|<\||\|>|\[\/?inst\]|```|###/,
  /\b(jailbreak|prompt injection|dan mode|do anything now)\b/,
  /"(riskdelta|role|reasoncodes|function_call|tool_calls)"/,
];

/** Long runs of base64 or hexadecimal can hide any of the above. */
const ENCODED = /(?:[a-z0-9+/]{48,}={0,2})|(?:(?:[0-9a-f]{2}){32,})/i;

/** Long and harmless: an ARN, a digest of up to 256 bits. */
const ORDINARY_LONG = /^(arn:[\w:/.@+=,-]+|[0-9a-f]{32,64})$/i;

/** True when the text looks addressed to a model or hides characters. Errs towards yes: it can only raise risk. */
export function looksInjected(text: string): boolean {
  if (text.length > 2 * MAX_UNTRUSTED_LENGTH) return true;
  if (text.normalize('NFKC').replace(INVISIBLE, '').length !== text.normalize('NFKC').length) return true;
  const words = foldText(text);
  if (INJECTION_PATTERNS.some((p) => p.test(words))) return true;
  // `ignore_previous-instructions` and `ignore.previous` read the same to a model.
  const spaced = words.replace(/[_\-./,;|]+/g, ' ');
  if (spaced !== words && INJECTION_PATTERNS.some((p) => p.test(spaced))) return true;
  return ENCODED.test(text) && !ORDINARY_LONG.test(text);
}
