import type { LineCommitment } from '../shared/cost-line.ts';
import { DAY_MS } from '../shared/days.ts';
import { createShared } from '../shared/once.ts';
import type { VantageClient } from './client.ts';
import { Commitment, CommitmentPage } from './wire.ts';

const PAGE = 1_000;
const MAX_PAGES = 50;
/** Commitments last for years; one reading serves all accounts of a sweep. */
const KEEP_MS = 3_600_000;

export type Ends = (kind: LineCommitment['type'], region: string | null) => string | null;

/**
 * When the commitments of an account end. Vantage names a resource's commitment nowhere, so an end is told only when every
 * commitment that could be the one ends on the same day; otherwise it is unknown.
 */
export function createCommitments(clock: () => number) {
  const shared = createShared<readonly Commitment[]>();
  let recent: { until: number; commitments: readonly Commitment[] } | null = null;

  const all = async (client: VantageClient): Promise<readonly Commitment[]> => {
    if (recent && clock() < recent.until) return recent.commitments;
    const commitments = await shared.run('all', () => readAll(client));
    recent = { until: clock() + KEEP_MS, commitments };
    return commitments;
  };

  return async (client: VantageClient, accountId: string, asOf: string): Promise<Ends> => {
    const live = (await all(client)).filter((c) => c.expiration_date.slice(0, 10) >= asOf && c.status !== 'expired');
    // What another account bought may serve this one as well, but what it bought itself serves it first.
    const own = live.filter((c) => c.account === accountId);
    return (kind, region) => {
      const fits = (c: Commitment) => kindOf(c) === kind && (!c.region || !region || c.region === region);
      const candidates = own.some(fits) ? own.filter(fits) : live.filter(fits);
      const ends = new Set(candidates.map((c) => c.expiration_date.slice(0, 10)));
      return ends.size === 1 ? endOf([...ends][0] as string) : null;
    };
  };
}

async function readAll(client: VantageClient): Promise<Commitment[]> {
  const found: Commitment[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await client.get({
      operation: 'getFinancialCommitments',
      path: '/financial_commitments',
      query: { page: String(page), limit: String(PAGE) },
      shape: CommitmentPage,
    });
    for (const raw of answer.financial_commitments) {
      const parsed = Commitment.safeParse(raw);
      if (parsed.success && !Number.isNaN(Date.parse(parsed.data.expiration_date))) found.push(parsed.data);
    }
    if (!answer.links?.next) break;
  }
  return found;
}

function kindOf({ commitment_type }: Commitment): LineCommitment['type'] | null {
  if (/saving/i.test(commitment_type)) return 'savings-plan';
  return /reserv/i.test(commitment_type) ? 'reservation' : null;
}

/** A commitment holds until the end of its last day. */
function endOf(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString();
}
