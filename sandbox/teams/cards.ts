import type { Json, JsonObject } from './types.ts';

/** What Teams takes for one message. */
export const MOST_BYTES = 28 * 1024;

const ELEMENTS = [
  'TextBlock',
  'RichTextBlock',
  'TextRun',
  'Container',
  'ColumnSet',
  'Column',
  'FactSet',
  'ActionSet',
  'Input.Text',
  'Action.Execute',
  'Action.ShowCard',
  'Action.OpenUrl',
  'AdaptiveCard',
];

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every part of a card that has a type, in reading order. */
export function* partsOf(value: Json | undefined): Generator<JsonObject> {
  if (Array.isArray(value)) for (const each of value) yield* partsOf(each);
  else if (isObject(value)) {
    if (typeof value.type === 'string') yield value;
    // What a button carries is data, whatever it looks like.
    for (const [key, each] of Object.entries(value)) if (key !== 'data') yield* partsOf(each);
  }
}

/** The button with this id, wherever it is on the card. */
export function findAction(card: JsonObject | null, id: string): JsonObject | null {
  for (const part of partsOf(card ?? {})) if (part.type === 'Action.Execute' && part.id === id) return part;
  return null;
}

/** Why Teams would not take this card; empty when it would. */
export function cardProblems(card: JsonObject): string[] {
  const problems: string[] = [];
  if (card.type !== 'AdaptiveCard') problems.push('content is no AdaptiveCard');
  if (!/^1\.[0-5]$/.test(String(card.version))) problems.push(`unsupported version ${String(card.version)}`);
  const ids = new Set<string>();
  for (const part of partsOf(card.body)) {
    const type = String(part.type);
    if (!ELEMENTS.includes(type)) problems.push(`unknown element ${type}`);
    if (type === 'Action.Execute' && typeof part.verb !== 'string') problems.push('Action.Execute without a verb');
    if (type === 'TextRun' && typeof part.text !== 'string') problems.push('TextRun without text');
    if (type.startsWith('Input.') && typeof part.id !== 'string') problems.push(`${type} without an id`);
    if (typeof part.id !== 'string') continue;
    if (ids.has(part.id)) problems.push(`id ${part.id} is used twice`);
    ids.add(part.id);
  }
  problems.push(...mentionProblems(card));
  return problems;
}

/** Every mention has its `<at>` text in the card. */
function mentionProblems(card: JsonObject): string[] {
  const entities = isObject(card.msteams) && Array.isArray(card.msteams.entities) ? card.msteams.entities : [];
  const texts = [...partsOf(card.body)].filter((p) => p.type === 'TextBlock').map((p) => String(p.text));
  return entities
    .map((entity) => String(isObject(entity) ? entity.text : ''))
    .filter((text) => !texts.some((t) => t.includes(text)))
    .map((text) => `mention ${text} is not in the card`);
}
