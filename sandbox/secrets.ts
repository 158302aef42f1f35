import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxPart } from './kit/part.ts';
import { PARTS, type SandboxUrls } from './parts.ts';

export interface SandboxSecrets {
  /** How the configuration names it. */
  ref(name: string): string;
  /** All of them, for the estate's own process. */
  readonly values: Readonly<Record<string, string>>;
}

/** Secrets of the embedded estate: made once, kept readable for this user only, named in the configuration by file. */
export async function sandboxSecrets(stateDir: string, urls: SandboxUrls): Promise<SandboxSecrets> {
  const folder = join(stateDir, 'secrets');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const parts: readonly SandboxPart[] = Object.values(PARTS);
  const made: Record<string, (at: { url(part: string): string }) => string> = {
    'audit-signing-key': () =>
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ...Object.assign({}, ...parts.map((part) => part.secrets ?? {})),
  };
  const url = (part: string) => urls[part as keyof SandboxUrls];
  const values: Record<string, string> = {};
  for (const [name, make] of Object.entries(made)) {
    const path = join(folder, name);
    if (!existsSync(path)) await writeFile(path, make({ url }), { mode: 0o600 });
    values[name] = (await readFile(path, 'utf8')).trim();
  }
  return { ref: (name) => `file:${join(folder, name)}`, values };
}
