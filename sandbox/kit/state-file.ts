import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What an earlier run saved; `empty` where there is nothing. Without a file nothing is ever saved. */
export function loadState<T extends object>(file: string | undefined, what: string, empty: T): T {
  if (!file) return empty;
  try {
    return { ...empty, ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<T>) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return empty;
    throw new Error(`${file}: cannot be read as the saved ${what}; delete it to start with an empty one`, {
      cause: error,
    });
  }
}

export function saveState(file: string | undefined, state: object): void {
  if (!file) return;
  mkdirSync(dirname(file), { recursive: true });
  // Written beside and renamed, so that a killed sandbox never leaves half a file.
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}
