import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { loadRules } from '../../config/load-rules.ts';
import { withDenyTags } from '../../domain/detection/exclusions.ts';
import { cleanText } from '../../domain/untrusted-text.ts';
import type { ModelPort } from '../../ports/model.ts';
import { OfflineCase } from '../../schemas/offline-case.ts';
import type { Rule } from '../../schemas/rules.ts';
import { evaluateCase } from './evaluate-case.ts';
import type { ErrorLine, EvaluationLine } from './lines.ts';
import { type RawCase, readCases } from './read-cases.ts';
import { createScore } from './score.ts';
import { toRecord } from './to-record.ts';

export interface EvaluateOptions {
  /** @default the rules that ship with Idlewise */
  readonly rules?: readonly Rule[];
  /** Excluded tags on top of those in the rules. @default none */
  readonly denyTags?: readonly string[];
  /** @default environment, env, stage */
  readonly environmentTagKeys?: readonly string[];
  /** @default none: the rules assess alone and nothing leaves the machine */
  readonly model?: ModelPort;
  /** Read when the input is `-`. @default process.stdin */
  readonly stdin?: NodeJS.ReadableStream;
  /** Told after every case, for progress. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Judges every case of a file, a folder or standard input (`-`), one line each in input order, then a summary when any
 * case had labels. A broken case becomes an error line and the run goes on.
 * @throws InputError when the input itself cannot be read, RulesError when the rules cannot.
 */
export async function* evaluateCases(input: string, options: EvaluateOptions = {}): AsyncGenerator<EvaluationLine> {
  const rules = withDenyTags(options.rules ?? (await loadRules()).rules, options.denyTags ?? []);
  const deps = {
    rules,
    environmentTagKeys: options.environmentTagKeys ?? ['environment', 'env', 'stage'],
    model: options.model ?? null,
    marker: () => randomBytes(8).toString('hex'),
  };
  const score = createScore();
  let done = 0;
  for await (const raw of readCases(input, options.stdin)) {
    const judged = await judge(deps, raw);
    if ('error' in judged) {
      score.error();
      yield judged;
    } else {
      score.add(judged.line, judged.labels);
      yield judged.line;
    }
    options.onProgress?.(++done);
  }
  const summary = score.summary();
  if (summary !== null) yield summary;
}

async function judge(deps: Parameters<typeof evaluateCase>[0], raw: RawCase) {
  if ('problem' in raw) return { caseId: raw.origin, error: raw.problem };
  const caseId = caseIdOf(raw.value) ?? raw.origin;
  const parsed = OfflineCase.safeParse(raw.value);
  if (!parsed.success) return errorLine(caseId, raw.value, { prefix: [], issue: parsed.error.issues[0] });
  const offline = toRecord(parsed.data);
  if (offline.issue !== null) return errorLine(caseId, raw.value, { prefix: ['facts'], issue: offline.issue });
  try {
    return { line: await evaluateCase(deps, parsed.data, offline), labels: parsed.data.labels };
  } catch (error) {
    const found = error instanceof Error ? error.message.slice(0, 160) : 'an unknown error';
    return { caseId, error: { field: '(case)', found, fix: 'report this case: it broke the evaluation' } };
  }
}

function caseIdOf(value: unknown): string | null {
  if (value === null || typeof value !== 'object' || !('caseId' in value)) return null;
  return typeof value.caseId === 'string' && value.caseId !== '' ? cleanText(value.caseId, 200) : null;
}

function errorLine(
  caseId: string,
  value: unknown,
  problem: { prefix: readonly string[]; issue: z.core.$ZodIssue | undefined },
): ErrorLine {
  const path = [...problem.prefix, ...(problem.issue?.path ?? [])];
  let found: unknown = value;
  for (const key of path) found = found !== null && typeof found === 'object' ? Reflect.get(found, key) : undefined;
  return {
    caseId,
    error: {
      field: path.map(String).join('.') || '(case)',
      found: found === undefined ? 'nothing' : cleanText(JSON.stringify(found) ?? String(found), 80),
      fix: problem.issue?.message ?? 'see docs/offline-evaluation.md',
    },
  };
}
