import type { Config } from '../config/schema.ts';
import type { SigningRole } from '../config/signing.ts';
import type { SecretsPort } from '../ports/secrets.ts';
import type { Signer, StatementKind, Verifier } from '../ports/signing.ts';
import { createSigner, createVerifier, type TrustedKey } from '../providers/signing/ed25519.ts';

const STATES: Record<SigningRole, readonly StatementKind[]> = {
  read: ['case'],
  assess: ['case'],
  execute: ['execution'],
  slack: ['decision'],
  teams: ['decision'],
};

/** The key of one process. @throws Error when the configuration gives it none */
export async function signerOf(role: SigningRole, config: Config, secrets: SecretsPort): Promise<Signer> {
  const pair = config.signing[role];
  if (!pair) throw new Error(`signing.${role}: is missing, although this process signs; add its key pair`);
  return createSigner(await secrets.resolve(pair.privateKey), `signing.${role}.privateKey`);
}

/** Everybody whose word counts, by configuration alone: the database can add nobody. */
export function verifierFrom(config: Pick<Config, 'signing' | 'directory'>): Verifier {
  const roles = Object.entries(config.signing).flatMap(([role, pair]): readonly TrustedKey[] =>
    (pair?.publicKeys ?? []).map((publicPem, i) => ({
      name: `role:${role}`,
      publicPem,
      states: STATES[role as SigningRole],
      field: `signing.${role}.publicKeys[${i}]`,
    })),
  );
  const people = config.directory.people.flatMap(({ subject, publicKeys }, n): readonly TrustedKey[] =>
    publicKeys.map((publicPem, i) => ({
      name: `person:${subject.trim().toLowerCase()}`,
      publicPem,
      states: ['decision', 'setting'],
      field: `directory.people[${n}].publicKeys[${i}]`,
    })),
  );
  return createVerifier([...roles, ...people]);
}
