import { facetsOf } from '../../domain/memory/facets.ts';
import { rejectionCode } from '../../domain/memory/rejection.ts';
import { verifiedEnd } from '../../domain/memory/verified-end.ts';
import { isProviderError } from '../../ports/errors.ts';
import type { MemoryKeeper } from '../../ports/memory.ts';
import type { Store } from '../../ports/store.ts';
import type { VerifiedEnd } from '../../schemas/memory.ts';
import type { ActionName } from '../../schemas/option.ts';
import type { CloseInput, SavingResult } from '../contracts.ts';
import type { Trail } from '../shared/trail.ts';

export interface RememberDeps {
  readonly store: Store;
  readonly memory?: MemoryKeeper;
  readonly clock: () => Date;
}

/** A case whose end was proved becomes a past case. What people wrote is reduced to a code on the way. */
export async function rememberEnd(deps: RememberDeps, trail: Trail, input: CloseInput): Promise<void> {
  const end = verifiedEnd(input.outcome, input);
  if (end === null || input.caseId === null) return;
  await remember(deps, trail, { caseId: input.caseId, end, action: input.action, reason: input.reasons[0] ?? '' });
}

/** The bill has the last word: a saving it contradicts replaces the success that was remembered. */
export async function rememberSaving(
  deps: RememberDeps,
  trail: Trail,
  input: { remediationId: string; caseId: string; saving: SavingResult },
): Promise<void> {
  if (deps.memory === undefined || input.saving.result !== 'contradicted') return;
  const action = (await deps.store.remediations.get(input.remediationId))?.action ?? null;
  await remember(deps, trail, { caseId: input.caseId, end: 'saving-contradicted', action, reason: '' });
}

async function remember(
  deps: RememberDeps,
  trail: Trail,
  ending: { caseId: string; end: VerifiedEnd; action: ActionName | null; reason: string },
): Promise<void> {
  const { caseId, end, action, reason } = ending;
  const document = deps.memory && (await deps.store.cases.get(caseId));
  if (!deps.memory || !document) return;
  const rejection = end === 'rejected' ? rejectionCode(reason) : null;
  const facets = facetsOf(document, deps.memory.pseudonym);
  const closedOn = deps.clock().toISOString().slice(0, 10);
  try {
    const memoryId = await deps.memory.remember({ caseId, facets, action, end, rejection, closedOn });
    await trail.record('FEEDBACK', `${caseId}/memory/${end}`, { memoryId, end, rejection });
  } catch (error) {
    // An asset the memory has no words for is no reason to leave the ticket open; the trail says that it was left out.
    if (!isProviderError(error, 'terminal')) throw error;
    await trail.record('FEEDBACK', `${caseId}/memory/${end}`, { memoryId: null, end, refused: error.message });
  }
}
