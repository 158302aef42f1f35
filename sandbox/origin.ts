import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const Origin = z.object({ seed: z.number().int(), now: z.number().int() });

/** Seed and time of the estate, so that a restart builds the same one: its ages count back from that moment. */
export async function rememberedOrigin(file: string, first: z.infer<typeof Origin>): Promise<z.infer<typeof Origin>> {
  if (existsSync(file)) return Origin.parse(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(file, JSON.stringify(first));
  return first;
}
