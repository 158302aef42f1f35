import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** A case before it is parsed, or the reason why there is none; `origin` says where to look. */
export type RawCase =
  | { readonly origin: string; readonly value: unknown }
  | {
      readonly origin: string;
      readonly problem: { readonly field: string; readonly found: string; readonly fix: string };
    };

const EXTENSIONS = ['.json', '.ndjson', '.jsonl'] as const;

/** Thrown when the input as a whole cannot be read; broken cases inside it are yielded, not thrown. */
export class InputError extends Error {}

/**
 * Cases of a file (one object, an array, `{ "cases": [...] }`, or one object per line), of every such file of a folder
 * in name order, or of standard input (`-`).
 */
export async function* readCases(input: string, stdin: NodeJS.ReadableStream = process.stdin): AsyncGenerator<RawCase> {
  if (input === '-') {
    yield* fromText(await text(stdin), 'stdin');
    return;
  }
  const info = await stat(input).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      `--input: found ${error.code ?? 'an error'} at ${input}; give a readable file, a folder of .json, .ndjson or .jsonl files, or -`,
    );
  });
  if (!info.isDirectory()) {
    yield* fromFile(input);
    return;
  }
  const names = (await readdir(input)).filter((n) => EXTENSIONS.some((e) => n.toLowerCase().endsWith(e))).sort();
  if (names.length === 0)
    throw new InputError(
      `--input: found no .json, .ndjson or .jsonl file in ${input}; put the cases there or name a file`,
    );
  for (const name of names) yield* fromFile(join(input, name));
}

async function* fromFile(path: string): AsyncGenerator<RawCase> {
  const name = basename(path);
  if (!path.toLowerCase().endsWith('.json')) {
    let line = 0;
    for await (const content of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY }))
      yield* fromLine(content, `${name}:${++line}`);
    return;
  }
  yield* fromText(await text(createReadStream(path)), name);
}

function* fromText(content: string, origin: string): Generator<RawCase> {
  const body = content.replace(/^\ufeff/, '');
  let whole: unknown;
  try {
    whole = JSON.parse(body);
  } catch (error) {
    const lines = body.split(/\r?\n/);
    const filled = lines.filter((l) => l.trim() !== '');
    // Several lines that each start an object are one case per line; anything else is one broken document.
    if (filled.length > 1 && filled.every((l) => l.trimStart().startsWith('{')) && isCase(filled[0])) {
      for (const [i, line] of lines.entries()) yield* fromLine(line, `${origin}:${i + 1}`);
      return;
    }
    yield { origin, problem: notJson(error) };
    return;
  }
  const list = Array.isArray(whole) ? whole : casesOf(whole);
  if (list === null) yield { origin, value: whole };
  else for (const [i, value] of list.entries()) yield { origin: `${origin}[${i}]`, value };
}

/** Pretty-printed JSON starts with a line that is not an object by itself. */
function isCase(line: string | undefined): boolean {
  return line !== undefined && line.trim().length > 2 && /[}\]"\d]\s*$/.test(line.trimEnd());
}

function* fromLine(line: string, origin: string): Generator<RawCase> {
  const body = line.replace(/^\ufeff/, '').trim();
  if (body === '') return;
  try {
    yield { origin, value: JSON.parse(body) };
  } catch (error) {
    yield { origin, problem: notJson(error) };
  }
}

function casesOf(value: unknown): unknown[] | null {
  if (value === null || typeof value !== 'object' || !('cases' in value)) return null;
  return Array.isArray(value.cases) ? value.cases : null;
}

function notJson(error: unknown) {
  return {
    field: '(document)',
    found: (error as Error).message.slice(0, 160),
    fix: 'write valid JSON; NaN, comments and trailing commas are not JSON',
  };
}
