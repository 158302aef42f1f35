import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { failure } from './errors.ts';

/** One configuration query; what is null is left out. */
export interface ConfigQuery {
  readonly cloud: 'aws' | 'azure' | 'gcp';
  readonly apiName: string;
  /** Queries know accounts and regions by their names, not by their ids. */
  readonly accountName: string | null;
  readonly regionName: string | null;
  /** Null: whatever its status. */
  readonly status: 'Active' | 'Deleted' | null;
  /** A condition on the raw configuration, e.g. `state equals "available"`. */
  readonly rule: string | null;
}

export function configQuery(q: ConfigQuery): string {
  const conditions = [
    `cloud.type = ${quoted(q.cloud)}`,
    `api.name = ${quoted(q.apiName)}`,
    ...(q.accountName === null ? [] : [`cloud.account = ${quoted(q.accountName)}`]),
    ...(q.regionName === null ? [] : [`cloud.region = ${quoted(q.regionName)}`]),
    ...(q.status === null ? [] : [`resource.status = ${q.status}`]),
    // The language takes a rule only at the end.
    ...(q.rule === null ? [] : [`json.rule = ${q.rule}`]),
  ];
  return `config from cloud.resource where ${conditions.join(' AND ')}`;
}

/** `path is "value"`, for the end of a query. */
export function ruleOf(rule: { readonly path: string; readonly is: string; readonly value: string }): string {
  return `${rule.path} ${rule.is} "${harmless(rule.value)}"`;
}

/** The query of the configuration with its places filled; null when a place has no value. */
export function filledIn(template: string, values: Readonly<Record<string, string | null>>): string | null {
  let missing = false;
  const text = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? null;
    if (value === null) missing = true;
    return value === null ? '' : harmless(value);
  });
  return missing ? null : text;
}

function quoted(text: string): string {
  return `'${harmless(text)}'`;
}

/** The language has no way to write a quote inside a quoted text, so a name with one could say anything. */
function harmless(text: string): string {
  if (!/['"\\\r\n]/.test(text)) return text;
  throw failure(
    'search-config',
    Kind.Terminal,
    `${JSON.stringify(text.slice(0, 80))} has a quote in it and cannot be asked for; rename it on the platform`,
  );
}
