import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Config, Duration } from '../../../config/schema.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** The general fields, and each vendor's own beside its adapter. */
const files = [join(root, 'docs', 'configuration.md'), ...globSync(join(root, 'providers', '*', '*', 'README.md'))];
const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');

interface Field {
  readonly path: string;
  /** As the table shows it: `required`, `optional`, or the default in JSON. */
  readonly default: string;
}

/** Every leaf of the schema, with `[]` for the items of a list. */
function leavesOf(schema: z.ZodType, path: string, fallback = 'required'): Field[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return leavesOf(schema.def.innerType as z.ZodType, path, json(schema.def.defaultValue));
  if (schema instanceof z.ZodOptional) return leavesOf(schema.def.innerType as z.ZodType, path, 'optional');
  if (schema instanceof z.ZodNullable) return leavesOf(schema.def.innerType as z.ZodType, path, fallback);
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, child]) =>
      leavesOf(child as z.ZodType, path === '' ? name : `${path}.${name}`),
    );
  if (schema instanceof z.ZodArray && schema.def.element instanceof z.ZodObject)
    return [{ path: `${path}[]`, default: fallback }, ...leavesOf(schema.def.element, `${path}[]`)];
  return [{ path, default: fallback }];
}

function json(value: unknown): string {
  return JSON.stringify(value) ?? 'none';
}

/** A section that may be left out or null is a field of its own. */
function sectionsWithDefault(schema: z.ZodType, path: string): Field[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([name, child]) => {
    const at = path === '' ? name : `${path}.${name}`;
    let inner = child as z.ZodType;
    let fallback: string | null = null;
    while (
      inner instanceof z.ZodDefault ||
      inner instanceof z.ZodPrefault ||
      inner instanceof z.ZodNullable ||
      inner instanceof z.ZodOptional
    ) {
      if (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) fallback = json(inner.def.defaultValue);
      if (inner instanceof z.ZodOptional) fallback = 'optional';
      inner = inner.def.innerType as z.ZodType;
    }
    const own = inner instanceof z.ZodObject && fallback !== null ? [{ path: at, default: fallback }] : [];
    return [...own, ...sectionsWithDefault(inner, at)];
  });
}

/** Milliseconds of a duration are written as people write them. */
const DURATIONS = /(cacheFor|staleAfter|timeout|indexLag|catchupWindow|jitter)$/i;

const sections = sectionsWithDefault(Config, '');
const fields = [...sections, ...leavesOf(Config, '')];
const rows = new Map(
  [...text.matchAll(/^\| `([^`]+)` \| (.+?) \| (.+) \|$/gm)].map((m) => [
    m[1] as string,
    { default: m[2] as string, meaning: m[3] as string },
  ]),
);

test('every field of the configuration is documented, and nothing else', () => {
  assert.deepEqual(
    fields.map((f) => f.path).filter((path) => !rows.has(path)),
    [],
    'undocumented',
  );
  const known = new Set(fields.map((f) => f.path));
  assert.deepEqual(
    [...rows.keys()].filter((path) => !known.has(path)),
    [],
    'documented, and unknown to the schema',
  );
});

test('the documented defaults are those of the schema', () => {
  for (const field of fields) {
    const shown = rows.get(field.path)?.default.replaceAll('`', '') ?? '';
    if (field.default === 'required' || field.default === 'optional') assert.equal(shown, field.default, field.path);
    else if (DURATIONS.test(field.path)) assert.equal(Duration.parse(shown), Number(field.default), field.path);
    else assert.equal(shown, field.default, field.path);
  }
});

test('every meaning is a sentence', () => {
  for (const [path, { meaning }] of rows) assert.match(meaning, /^.{5,}\.$/, path);
  assert.ok(rows.size > 90);
});
