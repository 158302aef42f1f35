import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = new URL('../../../', import.meta.url).pathname;
const WIDTH = 120;

/** Prose that is too long for a line, as `file:line`. Tables, code and a single long word cannot be wrapped. */
function tooLong(file: string, text: string): string[] {
  let code = false;
  return text.split('\n').flatMap((line, i) => {
    if (/^\s*(?:```|~~~)/.test(line)) code = !code;
    const whole = code || /^\s*\||^#|^!\[|^<|^ {4,}\S/.test(line);
    return !whole && [...line].length > WIDTH && line.trim().includes(' ') ? [`${file}:${i + 1}`] : [];
  });
}

test(`prose wraps at ${WIDTH} characters`, () => {
  const files = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/*.md', { cwd: root })];
  assert.deepEqual(
    files.flatMap((file) => tooLong(file, readFileSync(join(root, file), 'utf8'))),
    [],
  );
});

test('a line that is too long would be found, and a table is none', () => {
  assert.deepEqual(tooLong('x', `${'word '.repeat(30)}\n| ${'word '.repeat(30)} |\n`), ['x:1']);
});
