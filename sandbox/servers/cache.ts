import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where servers that were downloaded or built are kept, so that the second start needs no network. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.IDLEWISE_CACHE) return env.IDLEWISE_CACHE;
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'idlewise');
}

/** A subfolder per tool and version: a new pin never runs an old binary. Created when missing. */
export async function toolFolder(tool: string, version: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const folder = join(cacheFolder(env), tool, version);
  await mkdir(folder, { recursive: true });
  return folder;
}
