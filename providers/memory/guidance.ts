import { readFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import { MEMORY_QUESTION_CODES, MEMORY_REASON_CODES } from '../../domain/memory/vocabulary.ts';
import { looksInjected } from '../../domain/untrusted-text.ts';
import { type GuidanceEntry, GuidanceFile } from '../../schemas/memory.ts';
import { findEgressViolation } from '../model/egress-guard.ts';

/** The guidance that ships with Idlewise. */
export const DEFAULT_GUIDANCE_FILE = new URL('../../config/guidance.yaml', import.meta.url);

/** A guidance file that cannot be used: every problem at once, each with its place, what was found and the fix. */
export class GuidanceError extends Error {}

/** @throws GuidanceError */
export async function loadGuidance(file: string | URL = DEFAULT_GUIDANCE_FILE): Promise<readonly GuidanceEntry[]> {
  const name = file instanceof URL ? file.pathname : file;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'an error';
    throw new GuidanceError(`${name}: found ${code}; give memory.guidanceFile the path of a readable YAML file`);
  }
  return parseGuidance(text, name);
}

/** @throws GuidanceError */
export function parseGuidance(text: string, file: string): readonly GuidanceEntry[] {
  let raw: unknown;
  try {
    raw = parseYaml(text);
  } catch (error) {
    throw new GuidanceError(`${file}: is not valid YAML: ${(error as Error).message.split('\n')[0]}`);
  }
  const parsed = GuidanceFile.safeParse(raw);
  if (!parsed.success)
    throw new GuidanceError(
      parsed.error.issues.map((i) => `${file}: ${i.path.join('.') || '(top level)'}: ${i.message}`).join('\n'),
    );
  const problems = parsed.data.entries.flatMap((entry) => problemsOf(entry).map((p) => `${file}: ${entry.id}: ${p}`));
  if (problems.length > 0) throw new GuidanceError(problems.join('\n'));
  return parsed.data.entries;
}

/** What the form cannot say: only known words have effects, and the text describes instead of giving orders. */
function problemsOf({ id, text, effect }: GuidanceEntry): string[] {
  const unknown = (codes: readonly string[], known: readonly string[]) => codes.filter((code) => !known.includes(code));
  const reasons = unknown(effect.reasonCodes, MEMORY_REASON_CODES);
  const questions = unknown(effect.questions, MEMORY_QUESTION_CODES);
  const leak = findEgressViolation(JSON.stringify([id, text]));
  return [
    ...(reasons.length > 0
      ? [`effect.reasonCodes: found ${reasons.join(', ')}; use codes of domain/memory/vocabulary.ts`]
      : []),
    ...(questions.length > 0
      ? [`effect.questions: found ${questions.join(', ')}; use codes of domain/memory/vocabulary.ts`]
      : []),
    ...(leak === null ? [] : [`text: found something of the class ${leak}; write it without names, ids and amounts`]),
    ...(looksInjected(text) ? ['text: reads like an instruction to a model; describe what is so instead'] : []),
  ];
}
