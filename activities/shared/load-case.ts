import { ProviderError } from '../../ports/errors.ts';
import type { Verifier } from '../../ports/signing.ts';
import { assessedStatement, gatheredStatement } from '../../ports/statements.ts';
import type { Store } from '../../ports/store.ts';
import type { CaseDocument } from '../../schemas/records.ts';

/** @throws ProviderError `terminal`: a case that was never stored cannot appear by waiting. */
export async function loadCase(store: Store, caseId: string): Promise<CaseDocument> {
  const document = await store.cases.get(caseId);
  if (document) return document;
  throw new ProviderError({
    kind: 'terminal',
    provider: 'idlewise',
    operation: 'loadCase',
    message: `case ${caseId} is not in the store; was the database replaced under a running workflow?`,
  });
}

/** Is this what the role `read` gathered? A role that may only write records cannot make it so. */
export function wasGathered(document: CaseDocument, verifier: Verifier): boolean {
  return verifier.signerOf('case', gatheredStatement(document), document.gatheredBy) === 'role:read';
}

/** Is this, as well, what the role `assess` made of it? */
export function wasAssessed(document: CaseDocument, verifier: Verifier): boolean {
  return (
    wasGathered(document, verifier) &&
    verifier.signerOf('case', assessedStatement(document), document.assessedBy) === 'role:assess'
  );
}

/** What to throw where a case is not what was signed. */
export function changedCase(caseId: string): ProviderError {
  return new ProviderError({
    kind: 'terminal',
    provider: 'idlewise',
    operation: 'verifyCase',
    message: `case ${caseId} was changed by somebody who may not, or has no signature that counts; nothing was done with it. Compare the signing section of the configuration with the keys of the roles`,
  });
}
