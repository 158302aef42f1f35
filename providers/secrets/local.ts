import { readFile, stat } from 'node:fs/promises';

export interface LocalSecretsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told about files that others may read. */
  readonly warn: (message: string) => void;
}

const OTHERS_MAY_READ = 0o077;

/** `env:` and `file:`, read on every call: the two places every secret manager can deliver to. Null for other schemes. */
export function readLocal(reference: string, { env, warn }: LocalSecretsOptions): Promise<string> | null {
  const split = reference.indexOf(':');
  const rest = reference.slice(split + 1);
  switch (split === -1 ? '' : reference.slice(0, split)) {
    case 'env':
      return fromEnvironment(rest, env);
    case 'file':
      return fromFile(rest, warn);
    default:
      return null;
  }
}

async function fromEnvironment(name: string, env: LocalSecretsOptions['env']): Promise<string> {
  // Own properties only: `env:constructor` is not a secret.
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value) return value;
  const found = value === undefined ? 'not set' : 'empty';
  throw new Error(`secret env:${name}: the environment variable ${name} is ${found}; set it before starting`);
}

async function fromFile(path: string, warn: LocalSecretsOptions['warn']): Promise<string> {
  const where = `secret file:${path}`;
  let text: string;
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & OTHERS_MAY_READ) !== 0)
      warn(`${where}: others may read this file (mode ${(mode & 0o777).toString(8)}); run chmod 600 ${path}`);
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new Error(`${where}: cannot be read (${code}); create it readable for this user, or correct the reference`);
  }
  const value = text.replace(/\r?\n$/, '');
  if (value === '') throw new Error(`${where}: the file is empty; write the secret into it`);
  return value;
}
