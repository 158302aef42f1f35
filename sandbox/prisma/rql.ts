import type { Json, Row } from './types.ts';

/** A configuration query in its parts. Throws RqlError on anything this simulator does not know of the language. */
export interface Rql {
  readonly conditions: ReadonlyMap<string, string>;
  readonly rule: ((raw: Json) => boolean) | null;
}
export class RqlError extends Error {}

const KNOWN = new Set(['cloud.type', 'api.name', 'cloud.account', 'cloud.region', 'resource.status']);

export function parseConfigQuery(query: string): Rql {
  const [, rest = ''] = /^config from cloud\.resource where (.+)$/s.exec(query) ?? [];
  const [before = '', rule] = rest.split(/(?:^|\s+AND\s+)json\.rule\s*=\s*/i);
  const conditions = new Map<string, string>();
  for (const part of before.split(/\s+AND\s+/i).filter(Boolean)) {
    const match = /^([a-z.]+)\s*=\s*(?:'([^']*)'|(\w+))$/i.exec(part.trim());
    if (!match || !KNOWN.has(match[1] as string)) throw new RqlError(part);
    conditions.set(match[1] as string, (match[2] ?? match[3]) as string);
  }
  if (!conditions.has('api.name')) throw new RqlError('api.name');
  return { conditions, rule: rule === undefined ? null : parseRule(rule) };
}

const OPERATORS: readonly [RegExp, (value: Json | undefined, wanted: string) => boolean][] = [
  [/^(.+?) does not exist$/, (value) => value === undefined],
  [/^(.+?) size equals (\d+)$/, (value, wanted) => Array.isArray(value) && value.length === Number(wanted)],
  [/^(.+?) equal ignore case "(.*)"$/, (value, wanted) => String(value).toLowerCase() === wanted.toLowerCase()],
  [/^(.+?) ends with "(.*)"$/, (value, wanted) => String(value).endsWith(wanted)],
  [/^(.+?) contains "(.*)"$/, (value, wanted) => String(value).includes(wanted)],
  [/^(.+?) equals "(.*)"$/, (value, wanted) => String(value) === wanted],
];

function parseRule(rule: string): (raw: Json) => boolean {
  for (const [pattern, holds] of OPERATORS) {
    const match = pattern.exec(rule.trim());
    if (match) return (raw) => holds(at(raw, match[1] as string), match[2] ?? '');
  }
  throw new RqlError(rule);
}

/** `state.name`, `attachments[*]`, `['properties.ipConfiguration'].id`. */
function at(raw: Json, path: string): Json | undefined {
  const parts = path.match(/\['[^']+'\]|[^.[\]]+/g) ?? [];
  return parts
    .filter((part) => part !== '*')
    .reduce<Json | undefined>((value, part) => {
      const key = part.startsWith("['") ? part.slice(2, -2) : part;
      return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Row)[key] : undefined;
    }, raw);
}
