import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { digestOf } from '../schemas/digest.ts';
import { Rule, RulesFile, SharedRules } from '../schemas/rules.ts';
import { rulePlaceProblems } from './rule-problems.ts';

/** One thing wrong with a rules file, with its place and what to do about it. */
export interface RulesProblem {
  readonly file: string;
  /** Dotted path such as `rules.0.thresholds.cpuMaxPercent`, or `line 12, column 3`. */
  readonly path: string;
  readonly found: string;
  readonly fix: string;
}

/** Thrown for rules that cannot be used; lists every problem at once. */
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
  /** File by file in the order of their names. */
  readonly rules: readonly Rule[];
}

export interface RulesText {
  readonly file: string;
  readonly text: string;
}

/** The rules that ship with Idlewise. */
export const DEFAULT_RULES_FOLDER = fileURLToPath(new URL('./rules', import.meta.url));

const SHARED = 'shared.yaml';
const NAMED = ['windows', 'coverage', 'exclusions'] as const;

/**
 * Every `.yaml` file of a folder: `shared.yaml` and the rules.
 * @param own A folder of rules that are added, checked like the rest. They may use the sets of `shared.yaml`, and not the id of
 * another rule: what a rule means never depends on which file was read last.
 * @throws RulesError naming file, path, what was found and the fix.
 */
export async function loadRules(folder: string = DEFAULT_RULES_FOLDER, own?: string): Promise<LoadedRules> {
  const shipped = await readRules(folder);
  return parseRules(own === undefined ? shipped : [...shipped, ...(await readOwnRules(own))]);
}

/** The rules that ship, and those of the folder that the configuration names. @throws RulesError */
export function loadCatalogue(config: {
  readonly rules: { readonly folder?: string | undefined };
}): Promise<LoadedRules> {
  return loadRules(DEFAULT_RULES_FOLDER, config.rules.folder);
}

async function readOwnRules(folder: string): Promise<RulesText[]> {
  const files = (await readRules(folder)).map(({ file, text }) => ({ file: join(folder, file), text }));
  const problem = (path: string, found: string, fix: string) => new RulesError([{ file: folder, path, found, fix }]);
  if (files.length === 0)
    throw problem('(folder)', 'no .yaml file', 'put a file with rules there, or leave rules.folder out');
  if (files.some(({ file }) => basename(file) === SHARED))
    throw problem(
      SHARED,
      'a file',
      `remove it: the sets of the ${SHARED} that ships hold; write others out in the rule`,
    );
  return files;
}

/** @throws RulesError when the folder or a file of it cannot be read. */
export async function readRules(folder: string = DEFAULT_RULES_FOLDER): Promise<RulesText[]> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
    return await Promise.all(
      names.map(async (name) => ({ file: name, text: await readFile(join(folder, name), 'utf8') })),
    );
  } catch (error) {
    const { code = 'an error', path = folder } = error as NodeJS.ErrnoException;
    const fix = 'give the path of a readable folder of YAML files';
    throw new RulesError([{ file: path, path: path === folder ? '(folder)' : '(file)', found: code, fix }]);
  }
}

/** @throws RulesError as `loadRules` does. */
export function parseRules(files: readonly RulesText[]): LoadedRules {
  const found: Collected = { shared: sharedIn(files), problems: [], rules: [], ids: new Map() };
  for (const file of files) if (file.file !== SHARED) collect(file, found);
  const { shared, problems, rules } = found;
  if (problems.length > 0) throw new RulesError(problems);
  if (rules.length === 0)
    throw new RulesError([{ file: '(folder)', path: '(files)', found: 'no rules', fix: 'add a file with rules' }]);
  return { version: shared.version, digest: digestOf(rules), rules };
}

interface Collected {
  readonly shared: SharedRules;
  readonly problems: RulesProblem[];
  readonly rules: Rule[];
  /** The file of each id so far. */
  readonly ids: Map<string, string>;
}

const alsoIn = (first: string, file: string) =>
  first === file ? 'in this file' : `first in ${first}: give it an id of your own`;

function collect(text: RulesText, { shared, problems, rules, ids }: Collected): void {
  const { file } = text;
  const { raw, problems: unreadable } = yamlOf(text);
  problems.push(...unreadable);
  if (unreadable.length > 0) return;
  const parsed = RulesFile.safeParse(raw);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map((issue) => problem(file, raw, issue)));
    return;
  }
  const { provider } = parsed.data;
  parsed.data.rules.forEach((written, i) => {
    const before = problems.length;
    const complain = (path: readonly PropertyKey[], fix: string) =>
      problems.push(problem(file, raw, { path: ['rules', i, ...path], message: fix }));
    const whole = resolved({ provider, ...written }, shared, complain);
    if (problems.length > before) return;
    const judged = Rule.safeParse(whole);
    if (!judged.success) {
      for (const issue of judged.error.issues) complain(issue.path, issue.message);
      return;
    }
    // Zod copies what it parses; rules that name the same set share it again, so that it is judged once per asset.
    const rule = { ...judged.data, exclusions: sameSet(whole, judged.data, shared) };
    for (const { path, fix } of rulePlaceProblems(rule)) complain(path, fix);
    if (rule.provider !== provider) complain(['provider'], `must be ${provider}, as the file says`);
    const taken = ids.get(rule.id);
    if (taken !== undefined) complain(['id'], `must be unique; ${rule.id} is used twice, ${alsoIn(taken, file)}`);
    ids.set(rule.id, file);
    rules.push({ ...rule, version: `${rule.version}+${digestOf(rule).slice(0, 8)}` });
  });
}

/** The rule with everything it does not say, and with the sets its names stand for. */
function resolved(
  written: Record<string, unknown>,
  shared: SharedRules,
  complain: (path: readonly PropertyKey[], fix: string) => void,
): Record<string, unknown> {
  const rule: Record<string, unknown> = { ...shared.defaults, ...written };
  for (const field of NAMED) {
    const name = rule[field];
    if (typeof name !== 'string') continue;
    const sets: Record<string, unknown> = shared[field];
    if (Object.hasOwn(sets, name)) rule[field] = sets[name];
    else complain([field], `name one of ${Object.keys(sets).join(', ')}, which ${SHARED} has, or write it out`);
  }
  return rule;
}

function sameSet(whole: Record<string, unknown>, rule: Rule, shared: SharedRules): Rule['exclusions'] {
  return Object.values(shared.exclusions).find((set) => set === whole['exclusions']) ?? rule.exclusions;
}

function sharedIn(files: readonly RulesText[]): SharedRules {
  const found = files.find((f) => f.file === SHARED);
  if (found === undefined)
    throw new RulesError([{ file: SHARED, path: '(file)', found: 'nothing', fix: 'put it beside the rules' }]);
  const { raw, problems } = yamlOf(found);
  if (problems.length > 0) throw new RulesError(problems);
  const parsed = SharedRules.safeParse(raw);
  if (!parsed.success) throw new RulesError(parsed.error.issues.map((issue) => problem(SHARED, raw, issue)));
  return parsed.data;
}

function yamlOf({ file, text }: RulesText): { raw: unknown; problems: RulesProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const problems = document.errors.map((e) => {
    const at = lines.linePos(e.pos[0]);
    return { file, path: `line ${at.line}, column ${at.col}`, found: e.code, fix: firstLine(e.message) };
  });
  return { raw: problems.length > 0 ? null : document.toJS(), problems };
}

function problem(file: string, raw: unknown, issue: Pick<z.core.$ZodIssue, 'path' | 'message'>): RulesProblem {
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
