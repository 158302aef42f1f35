import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { verifierFrom } from '../../compose/signing.ts';
import type { Config } from '../../config/schema.ts';
import type { DirectoryPerson } from '../../ports/directory.ts';
import type { Signer } from '../../ports/signing.ts';
import { createDirectory } from '../../providers/directory/directory.ts';
import { createSigner } from '../../providers/signing/ed25519.ts';

type People = Pick<Config, 'directory' | 'signing'>;

/** Where the key of a person is looked for. */
export function keyFileOf(subject: string, { directory }: Pick<Config, 'directory'>): string {
  const folder = directory.keyFolder ?? join(homedir(), '.config', 'idlewise');
  return join(folder, `${subject}.pem`);
}

/** @throws Error naming the field when nobody of the directory is called so */
export function personOf(subject: string, { directory }: Pick<Config, 'directory'>): DirectoryPerson {
  const person = createDirectory(directory).bySubject(subject);
  if (!person) throw new Error(`${subject} is not in directory.people of the configuration`);
  return person;
}

/** The key of this person, or null where there is none here. @throws Error when it is somebody else's */
export async function findSigner({ subject }: DirectoryPerson, config: People): Promise<Signer | null> {
  const file = keyFileOf(subject, config);
  if (!existsSync(file)) return null;
  const signer = createSigner(await readFile(file, 'utf8'), file);
  const proof = signer.sign('setting', { subject });
  if (verifierFrom(config).signerOf('setting', { subject }, proof) === `person:${subject}`) return signer;
  throw new Error(
    `${file}: is not a key of ${subject}; its public half must stand under directory.people, publicKeys, of that person`,
  );
}

/** What is loosened is signed by who loosens it. @throws Error that says where the key is looked for and how to make one */
export async function requireSigner(person: DirectoryPerson, config: People): Promise<Signer> {
  const signer = await findSigner(person, config);
  if (signer) return signer;
  throw new Error(
    `no key of ${person.subject} in ${keyFileOf(person.subject, config)}: make one with \`openssl genpkey -algorithm ed25519 -out FILE\`, and have the public half (\`openssl pkey -in FILE -pubout\`) entered under directory.people, publicKeys`,
  );
}
