/** A node of the Atlassian Document Format, as far as we write and read it. */
export interface AdfNode {
  readonly type: string;
  readonly text?: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly content?: readonly AdfNode[];
}
export interface AdfDocument extends AdfNode {
  readonly type: 'doc';
  readonly version: 1;
  readonly content: readonly AdfNode[];
}

/** A heading when `level` is given, otherwise a paragraph. */
export interface Block {
  readonly text: string;
  readonly level?: number;
}

/**
 * Plain text as a document. Everything stays text: no link and no mark is ever made from what assets, people or models
 * wrote. Empty text nodes are invalid, so that an empty line becomes an empty paragraph.
 */
export function toAdf(blocks: readonly Block[]): AdfDocument {
  return { type: 'doc', version: 1, content: blocks.flatMap(nodesOf) };
}

function nodesOf({ text, level }: Block): AdfNode[] {
  if (level !== undefined) return [{ type: 'heading', attrs: { level }, content: [{ type: 'text', text }] }];
  return text.split(/\n{2,}/).map((paragraph) => ({ type: 'paragraph', content: lines(paragraph) }));
}

function lines(paragraph: string): AdfNode[] {
  return paragraph
    .split('\n')
    .flatMap((line, i) => [
      ...(i > 0 ? [{ type: 'hardBreak' }] : []),
      ...(line === '' ? [] : [{ type: 'text', text: line }]),
    ]);
}

const BLOCKS = new Set(['paragraph', 'heading', 'codeBlock', 'listItem', 'tableRow', 'blockquote', 'panel']);

/** The text of a document, one line per block; what is not a document has none. Sites may add nodes and attributes of their own. */
export function adfText(node: unknown): string {
  return collect(node)
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{2,}/g, '\n')
    .trim();
}

function collect(node: unknown): string {
  if (typeof node !== 'object' || node === null) return '';
  const { type, text, content } = node as Partial<AdfNode>;
  if (type === 'text') return text ?? '';
  if (type === 'hardBreak') return '\n';
  const inner = Array.isArray(content) ? content.map(collect).join('') : '';
  return type !== undefined && BLOCKS.has(type) ? `${inner}\n` : inner;
}
