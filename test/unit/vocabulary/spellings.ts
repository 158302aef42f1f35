/** Ways people write one phrase: separators, case, capitals inside, written together, look-alike and invisible letters. */
export function spellingsOf(phrase: string): string[] {
  const words = phrase.split(' ');
  const upper = words.map((w) => w.slice(0, 1).toUpperCase() + w.slice(1));
  const [first = '', ...rest] = upper;
  return [
    ...[' ', '-', '_', '.', '/', ':', '--', ' - '].map((by) => words.join(by)),
    words.join('-').toUpperCase(),
    words.join('_').toUpperCase(),
    upper.join(' '),
    upper.join('-'),
    upper.join(''),
    first.toLowerCase() + rest.join(''),
    words.join(''),
    words.join('').toUpperCase(),
    ` ${words.join('-')} `,
    // Cyrillic о and е, Greek ο, a zero-width space, a soft hyphen, full width, an accent.
    words.join('-').replace('o', 'о').replace('e', 'е'),
    words.join(' ').replace('o', 'ο'),
    words.join('\u200b-'),
    words.join('-').replace(/^(.)/, '$1\u00ad'),
    words.join('-').replace(/[a-z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
    words.join('-').replace('e', 'é'),
  ];
}
