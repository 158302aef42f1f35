import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { digestOf } from '../providers/digest.ts';
import { type Rule, RulesFile } from '../schemas/rules.ts';

/** One thing wrong with a rules file, with its place and what to do about it. */
export interface RulesProblem {
  readonly file: string;
  /** Dotted path such as `rules.0.thresholds.cpuMaxPercent`, or `line 12, column 3`. */
  readonly path: string;
  readonly found: string;
  readonly fix: string;
}

/** Thrown for a rules file that cannot be used; lists every problem at once. */
export class RulesError extends Error {
  readonly problems: readonly RulesProblem[];

  constructor(problems: readonly RulesProblem[]) {
    super(problems.map((p) => `${p.file}: ${p.path}: found ${p.found}; ${p.fix}`).join('\n'));
    this.name = 'RulesError';
    this.problems = problems;
  }
}

export interface LoadedRules {
  readonly version: string;
  /** SHA-256 of all rules: changes when any threshold does. */
  readonly digest: string;
  readonly rules: readonly Rule[];
}

/** The rules that ship with Idlewise. */
export const DEFAULT_RULES_FILE = new URL('./rules.yaml', import.meta.url);

/** @throws RulesError naming file, path, what was found and the fix. */
export async function loadRules(file: string | URL = DEFAULT_RULES_FILE): Promise<LoadedRules> {
  const name = file instanceof URL ? file.pathname : file;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'an error';
    throw new RulesError([{ file: name, path: '(file)', found: code, fix: 'give the path of a readable YAML file' }]);
  }
  return parseRules(text, name);
}

/** @throws RulesError as `loadRules` does. */
export function parseRules(text: string, file: string): LoadedRules {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0)
    throw new RulesError(
      document.errors.map((e) => {
        const at = lines.linePos(e.pos[0]);
        return { file, path: `line ${at.line}, column ${at.col}`, found: e.code, fix: firstLine(e.message) };
      }),
    );
  const raw: unknown = document.toJS();
  const parsed = RulesFile.safeParse(raw);
  if (!parsed.success) throw new RulesError(parsed.error.issues.map((issue) => problem(file, raw, issue)));
  const rules = parsed.data.rules.map((r) => ({ ...r, version: `${r.version}+${digestOf(r).slice(0, 8)}` }));
  return { version: parsed.data.version, digest: digestOf(rules), rules };
}

function problem(file: string, raw: unknown, issue: z.core.$ZodIssue): RulesProblem {
  return { file, path: issue.path.join('.') || '(top level)', found: describe(raw, issue.path), fix: issue.message };
}

/** The value at a path, shortened, for an error message. */
function describe(root: unknown, path: readonly PropertyKey[]): string {
  let value: unknown = root;
  for (const key of path) value = value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined;
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
