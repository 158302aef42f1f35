/** Control, zero-width and bidirectional characters: they hide or reorder what a person reads before approving. */
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Foreign text made visible, one line and short, for places where no markup is interpreted. */
export function clean(text: string, max = 300): string {
  const visible = text.normalize('NFKC').replace(INVISIBLE, '').replace(/\s+/g, ' ').trim();
  return visible.length > max ? `${visible.slice(0, max - 1)}…` : visible;
}

/** The same for code: every line keeps its indentation. */
export function cleanCode(code: string, max = 3000): string {
  const lines = code.split('\n').map((line) => line.replace(/\s+$/, ''));
  return (
    lines
      .map((line) => line.match(/^\s*/)?.[0] + clean(line, 500))
      .join('\n')
      .slice(0, max) || '-'
  );
}
