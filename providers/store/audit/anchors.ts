import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../../schemas/digest.ts';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import { storeError } from '../mongodb/errors.ts';
import type { Checkpoint } from './format.ts';

const NAME = /^checkpoint-(\d{10})\.json$/;

/** Checkpoints kept where the database's administrator cannot reach them. Files are only ever added. */
export interface Anchors {
  /** Number of the newest anchored checkpoint, 0 when there is none. */
  latest(): Promise<number>;
  /** Writes the file, durably and never over another. @throws ProviderError terminal when it exists with other content. */
  add(checkpoint: Checkpoint): Promise<void>;
  path(number: number): string;
}

export function createAnchors(folder: string): Anchors {
  const path = (number: number) => join(folder, `checkpoint-${String(number).padStart(10, '0')}.json`);
  return {
    path,
    async latest() {
      const names = await readdir(folder).catch(() => []);
      return Math.max(0, ...names.map((name) => Number(NAME.exec(name)?.[1] ?? 0)));
    },
    async add(checkpoint) {
      const text = `${canonicalJson(checkpoint)}\n`;
      const target = path(checkpoint.number);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = join(folder, `.draft-${randomUUID()}`);
      const file = await open(draft, 'wx', 0o400);
      try {
        await file.writeFile(text);
        await file.sync();
        // A link, unlike a rename, refuses to replace what is there.
        await link(draft, target).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST') throw error;
        });
      } finally {
        await file.close();
        await rm(draft, { force: true });
      }
      if ((await readFile(target, 'utf8')) !== text)
        throw storeError(
          'audit.anchor',
          ProviderErrorKind.Terminal,
          `AUDIT_TAMPERED: ${target} holds another checkpoint ${checkpoint.number} than the database; run idlewise audit verify`,
        );
      await syncFolder(folder);
    },
  };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  // Some file systems cannot sync a folder; the file itself is already on disk.
  await handle.sync().catch(() => undefined);
  await handle.close();
}
