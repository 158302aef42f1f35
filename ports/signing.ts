import type { Signature } from '../schemas/signature.ts';

/** What is stated. Each kind is signed in a domain of its own, so that no signature can pass as one of another kind. */
export type StatementKind = 'decision' | 'case' | 'execution' | 'setting';

/** Signs as one process, or as one person. */
export interface Signer {
  /** @param statement plain data with a canonical JSON form */
  sign(kind: StatementKind, statement: unknown): Signature;
}

/** Who may state what: a process by its role, a person by their subject. */
export type SignerName = `role:${string}` | `person:${string}`;

/** Knows the public keys of the configuration, and nothing of the database. */
export interface Verifier {
  /** Whose key signed exactly this; null: nobody whose word counts for this kind. Never throws. */
  signerOf(kind: StatementKind, statement: unknown, signature: Signature | null | undefined): SignerName | null;
}
