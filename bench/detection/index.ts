import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadRules } from '../../config/load-rules.ts';
import { evaluatePrepared } from '../../domain/detection/evaluate.ts';
import { prepareAsset } from '../../domain/detection/prepare.ts';
import type { AssetRecord } from '../../schemas/detection.ts';
import type { Rule } from '../../schemas/rules.ts';
import { median, spread } from '../stats.ts';
import { against, type Bench, measure } from '../types.ts';
import { scaleRecords } from './records.ts';

/** Few enough to stay in the processor's cache as one page of a sweep does, many enough to hold every load shape. */
const ASSETS = 200;
const DAYS = 33;
const BATCHES = 11;
/** So few that their garbage fits into the young generation, and nothing is collected while it is counted. */
const UNCOLLECTED = 50;
const AIM = 200_000;

type Prepared = ReturnType<typeof prepareAsset>;

export const detectionBench: Bench = {
  name: 'detection',
  about: 'assets per second and core through the pure rules',
  async run() {
    const rules: readonly Rule[] = (await loadRules()).rules;
    const now = new Date();
    const records = scaleRecords(ASSETS, DAYS, now);
    const iso = now.toISOString();
    const prepared = records.map((record) => prepareAsset(rules, record, iso));
    const applied = prepared[0]?.length ?? 0;

    const rulesAlone = () => judge(prepared);
    const withSummaries = () => judge(records.map((record: AssetRecord) => prepareAsset(rules, record, iso)));
    // Interleaved, so that a busy neighbour slows both.
    const alone: number[] = [];
    const whole: number[] = [];
    for (let batch = 0; batch <= BATCHES; batch++) {
      const a = rate(rulesAlone, 400);
      const b = rate(withSummaries, 5);
      // The first batch of each is the compiler's.
      if (batch === 0) continue;
      alone.push(a);
      whole.push(b);
    }
    const idle = rulesAlone();
    const some = prepared.slice(0, UNCOLLECTED);
    return {
      measures: [
        against(`rules on prepared summaries (assets/s/core, ${applied} rules each)`, spread(alone, 0), {
          text: `≥ ${AIM.toLocaleString('en')}`,
          met: median(alone) >= AIM,
        }),
        measure(`the same with summarising ${DAYS} days of 4 hourly series`, spread(whole, 0)),
        measure('allocated per asset, rules alone (bytes)', allocated(() => judge(some), some.length).toFixed(0)),
        measure(
          'allocated per asset, with summarising (bytes)',
          allocated(
            () => judge(some.map((_, i) => prepareAsset(rules, records[i] as AssetRecord, iso))),
            some.length,
          ).toFixed(0),
        ),
        measure('found idle', `${idle} of ${ASSETS}`),
      ],
      notes: [
        'One thread, no reading or writing. A sweep does both steps for what it nominates, over 7 days first for the rest.',
      ],
      samples: { rulesAlone: alone, withSummaries: whole },
    };
  },
};

function judge(assets: readonly Prepared[]): number {
  let idle = 0;
  for (const rules of assets) for (const p of rules) if (evaluatePrepared(p).verdict === 'idle') idle++;
  return idle;
}

/** By the CPU time spent, so that a core shared with others still counts as one. */
function rate(work: () => number, rounds: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < rounds; i++) work();
  const { user, system } = process.cpuUsage(before);
  return (ASSETS * rounds) / ((user + system) / 1e6);
}

/** Growth of the heap per asset over a run short enough that nothing is collected meanwhile; the median of several. */
function allocated(work: () => number, assets: number): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const seen: number[] = [];
  for (let sample = 0; sample < 9; sample++) {
    collect();
    const before = process.memoryUsage();
    work();
    const after = process.memoryUsage();
    const grown = after.heapUsed - before.heapUsed + (after.arrayBuffers - before.arrayBuffers);
    if (grown > 0) seen.push(grown / assets);
  }
  return seen.length > 0 ? median(seen) : Number.NaN;
}
