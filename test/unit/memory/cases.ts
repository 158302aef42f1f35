import type { CaseFacets, PastCase } from '../../../schemas/memory.ts';
import { CaseFacets as Facets, RejectionCode, VerifiedEnd } from '../../../schemas/memory.ts';
import { ActionName } from '../../../schemas/option.ts';
import { labelledCases, PLAIN } from './neighbours.ts';

export const letters = (n: number): string =>
  n
    .toString(16)
    .padStart(24, '0')
    .replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));

export function pastCase(
  n: number,
  over: Partial<Omit<PastCase, 'facets'>> & { facets?: Partial<CaseFacets> } = {},
): PastCase {
  const { facets, ...rest } = over;
  const end = over.end ?? 'rolled-back';
  return {
    id: `mem-${letters(n)}`,
    kind: end === 'rejected' ? 'rejection' : 'case',
    action: 'stop-instance',
    end,
    rejection: end === 'rejected' ? 'other' : null,
    closedOn: '2026-05-01',
    ...rest,
    facets: Facets.parse({ ...PLAIN, ...facets }),
  };
}

/** Any past case that the schema lets in. */
export function randomPast(random: () => number, n: number): PastCase {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const end = pick(VerifiedEnd.options);
  const near = random() < 0.5;
  const facets = near ? {} : pick(labelledCases(n + 1, 1)).facets;
  return pastCase(n, {
    end,
    facets,
    action: pick([null, ...ActionName.options]),
    rejection: end === 'rejected' ? pick(RejectionCode.options) : null,
  });
}
