import type { Json, JsonObject } from './types.ts';

const LIMITS: Record<string, number> = {
  header: 150,
  sectionText: 3000,
  field: 2000,
  button: 75,
  value: 2000,
  id: 255,
};
const KNOWN = ['header', 'section', 'context', 'actions', 'divider', 'rich_text', 'input', 'image'];

/** The limits Slack enforces, as the messages it would put into `response_metadata`. Empty means valid. */
export function blockProblems(blocks: readonly JsonObject[], max = 50): string[] {
  const problems: string[] = [];
  if (blocks.length > max) problems.push(`no more than ${max} items allowed [json-pointer:/blocks]`);
  const seen = new Set<string>();
  blocks.forEach((block, i) => {
    const at = `[json-pointer:/blocks/${i}]`;
    if (!KNOWN.includes(String(block.type))) problems.push(`unsupported type: ${String(block.type)} ${at}`);
    if (typeof block.block_id === 'string') {
      if (seen.has(block.block_id)) problems.push(`block_id ${block.block_id} already exists ${at}`);
      seen.add(block.block_id);
      problems.push(...tooLong(block.block_id, 'id', at));
    }
    if (block.type === 'header') problems.push(...tooLong(textOf(block.text), 'header', at));
    if (block.type === 'section') {
      if (!block.text && !block.fields) problems.push(`section needs text or fields ${at}`);
      problems.push(...tooLong(textOf(block.text), 'sectionText', at));
      const fields = list(block.fields);
      if (fields.length > 10) problems.push(`no more than 10 fields ${at}`);
      for (const field of fields) problems.push(...tooLong(textOf(field), 'field', at));
    }
    const elements = block.type === 'section' ? list(block.accessory ? [block.accessory] : []) : list(block.elements);
    if (block.type === 'actions' && elements.length > 25) problems.push(`no more than 25 elements ${at}`);
    if (block.type === 'context' && elements.length > 10) problems.push(`no more than 10 elements ${at}`);
    if (block.type === 'actions' || block.type === 'section') checkElements(problems, elements, at);
  });
  return problems;
}

function checkElements(problems: string[], elements: JsonObject[], at: string): void {
  const ids = new Set<string>();
  for (const element of elements) {
    const id = String(element.action_id ?? '');
    if (id && ids.has(id)) problems.push(`action_id ${id} already exists ${at}`);
    ids.add(id);
    problems.push(...tooLong(id, 'id', at));
    if (element.type === 'button') {
      problems.push(...tooLong(textOf(element.text), 'button', at));
      problems.push(...tooLong(String(element.value ?? ''), 'value', at));
      if (element.style !== undefined && element.style !== 'primary' && element.style !== 'danger')
        problems.push(`invalid style ${at}`);
      checkConfirm(problems, element.confirm, at);
    }
    for (const option of list(element.options)) {
      problems.push(...tooLong(textOf(option.text), 'button', at));
      if (String(option.value ?? '').length > 150) problems.push(`option value longer than 150 ${at}`);
    }
  }
}

function checkConfirm(problems: string[], confirm: Json | undefined, at: string): void {
  if (!confirm || typeof confirm !== 'object' || Array.isArray(confirm)) return;
  if (textOf(confirm.title).length > 100) problems.push(`confirm title longer than 100 ${at}`);
  if (textOf(confirm.text).length > 300) problems.push(`confirm text longer than 300 ${at}`);
  if (textOf(confirm.confirm).length > 30 || textOf(confirm.deny).length > 30)
    problems.push(`confirm labels longer than 30 ${at}`);
}

function tooLong(text: string, kind: string, at: string): string[] {
  const limit = LIMITS[kind] ?? 0;
  return text.length > limit ? [`must be less than ${limit + 1} characters (${kind}) ${at}`] : [];
}

export function textOf(value: Json | undefined): string {
  if (value && typeof value === 'object' && !Array.isArray(value)) return String(value.text ?? '');
  return '';
}

export function list(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}
