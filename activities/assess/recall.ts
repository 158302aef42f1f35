import { digestOf } from '../../schemas/digest.ts';
import { memoryEffects } from '../../domain/memory/effects.ts';
import { facetsOf } from '../../domain/memory/facets.ts';
import { memoryNotes } from '../../domain/memory/notes.ts';
import type { PromptNote } from '../../domain/risk/prompt.ts';
import type { MemoryPort } from '../../ports/memory.ts';
import type { Store } from '../../ports/store.ts';
import type { MemoryEffects } from '../../schemas/memory.ts';
import type { Option } from '../../schemas/option.ts';
import type { CaseDocument } from '../../schemas/records.ts';
import type { Trail } from '../shared/trail.ts';

export interface RecallDeps {
  readonly store: Store;
  readonly memory: MemoryPort;
  readonly clock: () => Date;
}

/** As many past cases as are worth naming in the evidence; their effects count all of them. */
const MOST_NAMED = 20;

/**
 * What memory has to say on a case: notes for the model, and effects that hold with or without one. Kept as evidence with
 * what ranked it, so that anyone can see why a question was asked.
 */
export async function recallForCase(
  deps: RecallDeps,
  trail: Trail,
  ask: { readonly document: CaseDocument; readonly options: readonly Option[] },
): Promise<{ readonly notes: readonly PromptNote[]; readonly effects: MemoryEffects }> {
  const { document, options } = ask;
  const facets = facetsOf(document, deps.memory.pseudonym);
  const actions = options.map((o) => o.optionId);
  const recalled = await deps.memory.recall({ facets, actions, asOf: deps.clock().toISOString() });
  const effects = memoryEffects(recalled);
  const named = (past: (typeof recalled.cautions)[number]) => ({ id: past.id, end: past.end, action: past.action });
  const body = {
    facets,
    guidance: recalled.guidance.map((g) => g.id),
    cautions: recalled.cautions.slice(0, MOST_NAMED).map(named),
    cautionsInAll: recalled.cautions.length,
    similar: recalled.similar.map(named),
    ranking: recalled.ranking,
    effects,
  };
  const evidenceDigest = digestOf(body);
  const evidenceId = `${document.caseId}/memory/${evidenceDigest.slice(0, 16)}`;
  await deps.store.cases.putEvidence(evidenceId, body);
  if (effects.raise === 1)
    await trail.record('GUARDRAIL_ADJUSTMENT', evidenceId, {
      evidenceId,
      evidenceDigest,
      raise: effects.raise,
      reasonCodes: effects.reasonCodes,
    });
  return { notes: memoryNotes(recalled, deps.memory.k), effects };
}
