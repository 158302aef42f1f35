import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import type { z } from 'zod';
import { type WaitPolicy, WaitPolicy as WaitPolicySchema } from '../schemas/workflow-io.ts';
import { keysAt, nearest } from './nearest.ts';
import { Config } from './schema.ts';

/** Bad configuration: every problem at once, each with field, what was found and the fix. */
export class ConfigError extends Error {}

/** The configuration `npm start` leaves behind, relative to the working directory. */
export const EMBEDDED_CONFIG = '.idlewise/start/config.yaml';

/** File for a command line: the one given, else `IDLEWISE_CONFIG`, else what `npm start` left here. */
export function configFile(given?: string): string | undefined {
  return given ?? process.env['IDLEWISE_CONFIG'] ?? (existsSync(EMBEDDED_CONFIG) ? EMBEDDED_CONFIG : undefined);
}

/**
 * Reads and checks the configuration file named by `IDLEWISE_CONFIG` (or given). The only place that decides where
 * configuration comes from.
 * @throws ConfigError
 */
export async function loadConfig(path = process.env['IDLEWISE_CONFIG']): Promise<Config> {
  if (!path)
    throw new ConfigError(
      'no configuration: set IDLEWISE_CONFIG to a YAML file (see config/example.yaml), or run `npm start` for the embedded one',
    );
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`cannot read the configuration file ${path}: ${(error as Error).message}`);
  }
  return parseConfig(text, path);
}

export function parseConfig(text: string, source: string): Config {
  let raw: unknown;
  try {
    raw = parseYaml(text);
  } catch (error) {
    throw new ConfigError(`${source} is not valid YAML: ${(error as Error).message}`);
  }
  const parsed = Config.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => describeIssue(issue, raw));
  throw new ConfigError(
    `${source} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((p) => `  ${p}`).join('\n')}`,
  );
}

const MUST_BE: Readonly<Record<string, string>> = {
  object: 'a section',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** `policy.waits.expiry: must look like 500ms…; found "soon"`. Secret-looking values are not repeated. */
export function describeIssue(issue: z.core.$ZodIssue, input: unknown): readonly string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(issue.path, key));
  const field = issue.path.join('.') || '(top level)';
  const found = issue.path.reduce<unknown>(
    (v, key) => (v === null || v === undefined ? undefined : (v as Record<PropertyKey, unknown>)[key]),
    input,
  );
  const shown =
    found === undefined
      ? 'nothing'
      : /secret|password|token|key|uri/i.test(field)
        ? '(hidden)'
        : JSON.stringify(found)?.slice(0, 80);
  if (found === undefined && issue.code === 'invalid_type')
    return [`${field}: is missing, must be ${MUST_BE[issue.expected] ?? issue.expected}`];
  return [`${field}: ${issue.message}; found ${shown}`];
}

/** A key that is silently ignored is a freeze that does not freeze. */
function unknownKey(path: readonly PropertyKey[], key: string): string {
  const known = keysAt(Config, path);
  const meant = nearest(key, known);
  const hint = meant === null ? `must be one of ${known.join(', ')}` : `did you mean ${meant}?`;
  return `${[...path, key].join('.')}: is unknown; ${hint}`;
}

/** A section that is only needed by who chose it. @throws ConfigError naming it. */
export function section<T>(value: T | undefined, name: string): T {
  if (value !== undefined) return value;
  throw new ConfigError(`${name}: is missing, although the configuration chooses it; add the section`);
}

/** The waits a workflow takes as input: those of the policy that are not an activity's own business. */
export function waitPolicy(config: Config): WaitPolicy {
  return WaitPolicySchema.parse(config.policy.waits);
}
