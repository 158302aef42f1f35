import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const documents = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

interface Link {
  readonly from: string;
  readonly target: string;
}

const textOf = (document: string) => readFileSync(join(root, document), 'utf8');
const links: Link[] = documents.flatMap((from) =>
  [...withoutCode(textOf(from)).matchAll(/!?\[[^\]]*\]\(([^)\s]+)\)/g)].map((m) => ({ from, target: m[1] as string })),
);

function withoutCode(text: string): string {
  return text.replace(/```[\s\S]*?```/g, '');
}

/** The name GitHub gives a heading in links. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

test('every link inside the project leads to a file, and to a heading in it', () => {
  const broken = links
    .filter(({ target }) => !/^[a-z]+:/.test(target))
    .filter(({ from, target }) => {
      const [path = '', heading] = target.split('#');
      const file = path === '' ? join(root, from) : join(root, dirname(from), path);
      if (!existsSync(file)) return true;
      if (heading === undefined) return false;
      return ![...textOf(relative(root, file)).matchAll(/^#+ (.+)$/gm)].some((m) => anchor(m[1] as string) === heading);
    });
  assert.deepEqual(broken, []);
  assert.ok(links.length > 20);
});

test('every document is reachable from the README', () => {
  const seen = new Set(['README.md']);
  for (const from of seen)
    for (const link of links)
      if (link.from === from && link.target.split('#')[0]?.endsWith('.md'))
        seen.add(relative(root, join(root, dirname(from), link.target.split('#')[0] as string)));
  assert.deepEqual(
    documents.filter((document) => !seen.has(document)),
    [],
  );
});

test('pictures are small, and each is shown somewhere', () => {
  const pictures = readdirSync(join(root, 'docs', 'images'));
  assert.ok(pictures.length >= 2 && pictures.length <= 4);
  for (const name of pictures) {
    assert.ok(statSync(join(root, 'docs', 'images', name)).size <= 300 * 1024, name);
    assert.ok(
      links.some((link) => link.target.endsWith(`images/${name}`)),
      `${name} is shown nowhere`,
    );
  }
});

test('no document names a file of the project that does not exist', () => {
  const rooms =
    /^(?:activities|bench|bin|clients|config|docs|domain|providers|sandbox|schemas|test|workers|workflows)\//;
  const missing = documents.flatMap((document) =>
    [...withoutCode(textOf(document)).matchAll(/`([\w./-]+)`/g)]
      .map((m) => m[1] as string)
      .filter(
        (path) => rooms.test(path) && !existsSync(join(root, path)) && !existsSync(join(root, dirname(document), path)),
      )
      .map((path) => `${document}: ${path}`),
  );
  assert.deepEqual(missing, []);
});

test('every command the documents show exists', async () => {
  const help = readdirSync(join(root, 'clients', 'cli', 'commands'))
    .map((name) => textOf(join('clients', 'cli', 'commands', name)))
    .join('\n');
  const known = new Set([...help.matchAll(/\.command\('([a-z-]+)/g)].map((m) => m[1] as string));
  const shown = documents.flatMap((document) =>
    [...textOf(document).matchAll(/(?:npx |`)idlewise ([a-z-]+)/g)].map((m) => ({ document, command: m[1] as string })),
  );
  assert.deepEqual(
    shown.filter(({ command }) => !known.has(command)),
    [],
  );
  assert.ok(shown.length > 10);
});
