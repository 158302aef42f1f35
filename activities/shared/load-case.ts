import { ProviderError } from '../../ports/errors.ts';
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
