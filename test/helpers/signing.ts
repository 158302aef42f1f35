import { generateKeyPairSync } from 'node:crypto';
import { assessedStatement, decisionStatement, gatheredStatement } from '../../ports/statements.ts';
import type { Signer, SignerName, StatementKind } from '../../ports/signing.ts';
import { createSigner, createVerifier } from '../../providers/signing/ed25519.ts';
import type { ApprovalRequest, Decision } from '../../schemas/decision.ts';
import type { CaseDocument } from '../../schemas/records.ts';

const KINDS: Readonly<Record<string, readonly StatementKind[]>> = {
  'role:read': ['case'],
  'role:assess': ['case'],
  'role:execute': ['execution'],
  'role:slack': ['decision'],
  'role:teams': ['decision'],
};

/** A key of its own for each name; people sign decisions and settings. */
export function testKeys<N extends SignerName>(...names: readonly N[]) {
  const pairs = names.map((name) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const states = KINDS[name] ?? (['decision', 'setting'] as const);
    return { name, privatePem, publicPem, states, field: name };
  });
  const signers = Object.fromEntries(pairs.map((p) => [p.name, createSigner(p.privatePem, p.name)])) as Record<
    N,
    Signer
  >;
  return { signers, verifier: createVerifier(pairs), pairs };
}

export const ROLE_KEYS = testKeys('role:read', 'role:assess', 'role:execute', 'role:slack', 'role:teams');

/** As the roles `read` and `assess` leave it. */
export function signedCase(
  document: CaseDocument,
  signers: Record<'role:read' | 'role:assess', Signer> = ROLE_KEYS.signers,
) {
  const gathered = { ...document, gatheredBy: signers['role:read'].sign('case', gatheredStatement(document)) };
  return { ...gathered, assessedBy: signers['role:assess'].sign('case', assessedStatement(gathered)) };
}

/** As the app leaves it that authenticated the person. */
export function signedDecision(decision: Decision, approval: ApprovalRequest, signer: Signer): Decision {
  return { ...decision, signature: signer.sign('decision', decisionStatement(decision, approval)) };
}
