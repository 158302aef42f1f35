interface Node {
  type?: unknown;
  text?: unknown;
  attrs?: Record<string, unknown>;
  marks?: { type?: unknown; attrs?: { href?: unknown } }[];
  content?: unknown;
}

const BLOCKS = [
  'paragraph',
  'heading',
  'bulletList',
  'orderedList',
  'listItem',
  'codeBlock',
  'blockquote',
  'rule',
  'panel',
];
const TABLES = ['table', 'tableRow', 'tableHeader', 'tableCell'];
const INLINE = ['text', 'hardBreak', 'mention', 'emoji', 'inlineCard'];
const KNOWN = new Set([...BLOCKS, ...TABLES, ...INLINE]);
const MAX = 32_767;

/** Whether Jira would take it as rich text: a string it refuses, an empty text node and an unknown node as well. */
export function isAdf(value: unknown): boolean {
  const doc = value as { type?: unknown; version?: unknown; content?: unknown } | null;
  return (
    typeof doc === 'object' &&
    doc !== null &&
    doc.type === 'doc' &&
    doc.version === 1 &&
    Array.isArray(doc.content) &&
    doc.content.every((node) => isNode(node) && !INLINE.includes(String((node as Node).type)))
  );
}

export function isTooLong(value: unknown): boolean {
  return textOf(value).length > MAX;
}

function isNode(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { type, text, attrs, content, marks = [] } = value as Node;
  if (typeof type !== 'string' || !KNOWN.has(type)) return false;
  if (type === 'text') return typeof text === 'string' && text !== '' && marks.every(isMark);
  if (type === 'heading' && ![1, 2, 3, 4, 5, 6].includes(Number(attrs?.['level']))) return false;
  return content === undefined || (Array.isArray(content) && content.every(isNode));
}

function isMark(mark: { type?: unknown; attrs?: { href?: unknown } }): boolean {
  return typeof mark.type === 'string' && (mark.type !== 'link' || typeof mark.attrs?.href === 'string');
}

/** One line per block. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const { type, text, content } = value as Node;
  if (type === 'text') return String(text);
  if (type === 'hardBreak') return '\n';
  const inner = Array.isArray(content) ? content.map(textOf).join('') : '';
  return type === 'paragraph' || type === 'heading' ? `${inner}\n` : inner;
}
