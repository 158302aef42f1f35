import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ANA, BEN, CLEO } from './estate/people.ts';
import type { SandboxPart } from './kit/part.ts';
import { PARTS, type SandboxUrls } from './parts.ts';

export interface SandboxSecrets {
  /** How the configuration names it. */
  ref(name: string): string;
  readonly folder: string;
  /** All of them, for the estate's own process. */
  readonly values: Readonly<Record<string, string>>;
}

/** Processes that sign what others act on. */
export const SIGNERS = ['read', 'assess', 'execute', 'slack', 'teams'] as const;
/** Who may approve on the command line: a person signs with a key of their own. */
export const PEOPLE_WITH_KEYS: readonly string[] = [ANA, BEN, CLEO];
/** Files in the folder of secrets; the command line looks for `<subject>.pem`. */
export const personKey = (subject: string): string => `${subject}.pem`;

export const publicHalf = (privatePem: string): string =>
  createPublicKey(privatePem).export({ type: 'spki', format: 'pem' }).toString();

const newKey = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Secrets of the embedded estate: made once, kept readable for this user only, named in the configuration by file. */
export async function sandboxSecrets(stateDir: string, urls: SandboxUrls): Promise<SandboxSecrets> {
  const folder = join(stateDir, 'secrets');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const parts: readonly SandboxPart[] = Object.values(PARTS);
  const made: Record<string, (at: { url(part: string): string }) => string> = {
    'audit-signing-key': newKey,
    ...Object.fromEntries(SIGNERS.map((role) => [`signing-${role}`, newKey])),
    ...Object.fromEntries(PEOPLE_WITH_KEYS.map((subject) => [personKey(subject), newKey])),
    ...Object.assign({}, ...parts.map((part) => part.secrets ?? {})),
  };
  const url = (part: string) => urls[part as keyof SandboxUrls];
  const values: Record<string, string> = {};
  for (const [name, make] of Object.entries(made)) {
    const path = join(folder, name);
    if (!existsSync(path)) await writeFile(path, make({ url }), { mode: 0o600 });
    values[name] = (await readFile(path, 'utf8')).trim();
  }
  return { folder, ref: (name) => `file:${join(folder, name)}`, values };
}
