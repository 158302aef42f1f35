import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What runs in production. Everything else is for development, tests and `npm start`. */
export const ROOMS = [
  'activities',
  'clients',
  'compose',
  'config',
  'decisions',
  'domain',
  'ports',
  'providers',
  'schemas',
  'workers',
  'workflows',
] as const;

export interface Import {
  readonly from: string;
  /** Path from the root for our own files, else the name of the package (or `node:…`). */
  readonly to: string;
  readonly typeOnly: boolean;
  /** `import()`: it happens when the code gets there, if ever. */
  readonly lazy: boolean;
}

const STATEMENT = /^(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g;

/** Every import of one file. */
export function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const target = (specifier: string) =>
    specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : packageOf(specifier);
  return [
    ...[...text.matchAll(STATEMENT)].map(([, type, specifier = '']) => ({
      from: file,
      to: target(specifier),
      typeOnly: type !== undefined,
      lazy: false,
    })),
    ...[...text.matchAll(DYNAMIC)].map(([, specifier = '']) => ({
      from: file,
      to: target(specifier),
      typeOnly: false,
      lazy: true,
    })),
  ];
}

/** Every import of every file of these folders. */
export function importsIn(folders: readonly string[]): readonly Import[] {
  return globSync(`{${folders.join(',')}}/**/*.ts`, { cwd: root })
    .sort()
    .flatMap(importsOf);
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
