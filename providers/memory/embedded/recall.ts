import { likeness } from '../../../domain/memory/agreement.ts';
import { applies } from '../../../domain/memory/applies.ts';
import { isCaution } from '../../../domain/memory/effects.ts';
import { fuseRanks } from '../../../domain/memory/fusion.ts';
import { HASHED } from '../../../domain/memory/ngram-vector.ts';
import { caseText, caseWords } from '../../../domain/memory/text.ts';
import type { GuidanceEntry } from '../../../schemas/memory.ts';
import type { MemoryFallback, MemoryQuery, Recalled } from '../../../ports/memory.ts';
import type { Library } from './library.ts';

/** How far down each list is looked before they are fused. */
export const DEPTH = 100;

/** What an endpoint contributes to one recall: two more lists, or why it does not. */
export interface OtherRanks {
  readonly model: string;
  readonly fallback: MemoryFallback | null;
  readonly guidance: readonly string[];
  readonly cases: readonly string[];
}

export const HASHED_ALONE: OtherRanks = { model: HASHED.model, fallback: null, guidance: [], cases: [] };

/** The texts a case is looked up by: pairs among cases, prose among guidance. */
export function queryTexts({ facets, actions }: MemoryQuery): { readonly cases: string; readonly guidance: string } {
  return { cases: caseText(facets), guidance: caseWords(facets, actions) };
}

/**
 * Filter first, rank after: what applies and what is about such a case is decided entry by entry, by rule; ranks only put
 * it in order. So nothing that is added to the memory can push a caution out.
 */
export function recallFrom(
  library: Library,
  guidance: readonly GuidanceEntry[],
  ask: { readonly query: MemoryQuery; readonly k: number; readonly other: OtherRanks },
): Recalled {
  const { query, k, other } = ask;
  const { facets, actions } = query;
  const texts = queryTexts(query);

  const guidanceOrder = fuseRanks([...library.guidance.rank(texts.guidance, DEPTH), other.guidance]);
  const others = other.cases.filter((id) => library.cases.has(id));
  const caseOrder = fuseRanks([...library.textIndex(facets.kind).rank(texts.cases, DEPTH), others]);
  const cautions = [...library.cases.values()]
    .filter(({ past }) => isCaution(past))
    .flatMap(({ past }) => {
      const share = likeness(past, facets, actions);
      return share === null ? [] : [{ past, share }];
    })
    .sort((a, b) => b.share - a.share || (a.past.id < b.past.id ? -1 : 1))
    .map(({ past }) => past);
  return {
    guidance: inOrder(
      guidance.filter((entry) => applies(entry.appliesTo, facets, actions)),
      guidanceOrder,
    ),
    cautions: inOrder(cautions, caseOrder),
    similar: caseOrder
      .slice(0, k)
      .flatMap((id) => library.cases.get(id) ?? [])
      .map(({ past }) => past),
    ranking: { model: other.model, fallback: other.fallback },
  };
}

/** Those that were ranked first, in that order; the rest after them as they are. */
function inOrder<T extends { readonly id: string }>(items: readonly T[], order: readonly string[]): T[] {
  const place = new Map(order.map((id, at) => [id, at]));
  return items
    .map((item, at) => ({ item, place: place.get(item.id) ?? order.length + at }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
