import assert from 'node:assert/strict';
import { it } from 'node:test';
import { caseText } from '../../../domain/memory/text.ts';
import { createEmbeddedMemory } from '../../../providers/memory/embedded/index.ts';
import { createTextIndex } from '../../../providers/memory/embedded/text-index.ts';
import { labelledCases } from './neighbours.ts';
import { volatileRecords } from './volatile-records.ts';

const TOP = 5;
const ASKED = { actions: ['stop-instance'] as const, asOf: '2026-06-01T00:00:00.000Z' };
const END = { action: 'stop-instance', end: 'remediated', rejection: null } as const;

/** Share of the first five that tell the same story, by BM25 alone and by what the memory really does. */
async function recallAtFive(seed: number, noise: number): Promise<{ bm25: number; memory: number; questions: number }> {
  const stored = labelledCases(seed, 12, noise);
  const questions = labelledCases(seed + 100, 6, noise);
  const records = volatileRecords();
  const memory = await createEmbeddedMemory({ tenant: 'acme', records, guidance: [], k: TOP });
  const words = createTextIndex();
  const storyOf = new Map<string, string>();
  for (const c of stored) {
    const id = await memory.remember({ caseId: c.id, facets: c.facets, ...END, closedOn: '2026-05-01' });
    storyOf.set(id, c.story);
    words.put(id, caseText(c.facets, END));
  }
  let [bm25, own] = [0, 0];
  for (const q of questions) {
    const right = (ids: readonly string[]) => ids.filter((id) => storyOf.get(id) === q.story).length / TOP;
    bm25 += right(words.rank(caseText(q.facets), TOP)[0] ?? []);
    own += right((await memory.recall({ facets: q.facets, ...ASKED })).similar.map((past) => past.id));
  }
  return { bm25: bm25 / questions.length, memory: own / questions.length, questions: questions.length };
}

for (const noise of [0.3, 0.45])
  it(`finds more of the same story among the first five than BM25 alone, with ${noise * 100} % of all facets changed`, async (t) => {
    const runs = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => recallAtFive(seed, noise)));
    const mean = (of: 'bm25' | 'memory') => runs.reduce((sum, run) => sum + run[of], 0) / runs.length;
    const asked = runs.reduce((sum, run) => sum + run.questions, 0);
    t.diagnostic(
      `recall@5 over ${asked} questions, ${noise * 100} % changed: BM25 alone ${mean('bm25').toFixed(3)}, fused ${mean('memory').toFixed(3)}`,
    );
    assert.ok(mean('memory') > mean('bm25'), 'fusion must be worth its price');
    assert.ok(mean('memory') > (noise < 0.4 ? 0.93 : 0.8));
  });
