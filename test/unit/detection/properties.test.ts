import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluateRule } from '../../../domain/detection/evaluate.ts';
import { hourly, instance, metrics, NOW, ruleOf, SLOTS, seeded } from './fixtures.ts';

const rule = ruleOf('instance-idle');
const STRENGTH = { idle: 0, undetermined: 1, active: 1 } as const;

/** A random series that is often, not always, idle. */
function randomCpu(random: () => number): (number | null)[] {
  const base = random() * 2.5;
  const holes = random() < 0.5 ? 0 : random() * 0.04;
  const peak = random() < 0.3 ? random() * 20 : 0;
  const at = Math.floor(random() * SLOTS);
  return Array.from({ length: SLOTS }, (_, i) =>
    random() < holes ? null : i === at ? base + peak : base + random() * 0.4,
  );
}

const judge = (cpu: readonly (number | null)[]) =>
  evaluateRule(rule, instance({ metrics: metrics((i) => cpu[i] ?? null) }), NOW);

describe('seeded properties of the idle verdict', () => {
  it('raising any sample, or losing any, never turns a no into idle', () => {
    const random = seeded(20_260_522);
    let idle = 0;
    for (let run = 0; run < 400; run++) {
      const cpu = randomCpu(random);
      const before = judge(cpu);
      if (before.verdict === 'idle') idle++;
      const changed = [...cpu];
      const lose = random() < 0.5;
      for (let n = 0; n < 1 + random() * 30; n++) {
        const i = Math.floor(random() * SLOTS);
        changed[i] = lose ? null : (changed[i] ?? 0) + random() * 30;
      }
      const after = judge(changed);
      // Losing the only sample that spoke against idleness is the one way back, so only raises are compared then.
      if (!lose) assert.ok(STRENGTH[after.verdict] >= STRENGTH[before.verdict], `run ${run}`);
      if (before.verdict === 'idle' && after.verdict === 'idle')
        assert.ok(after.confidence <= before.confidence, `run ${run}`);
    }
    assert.ok(idle > 50, `the generator made ${idle} idle series`);
  });

  it('more network never turns a no into idle', () => {
    const random = seeded(3);
    for (let run = 0; run < 100; run++) {
      const perHour = random() * 200_000;
      const more = perHour + random() * 200_000;
      const at = (bytes: number) => {
        const cpu = metrics()[0] as ReturnType<typeof hourly>;
        const series = [cpu, hourly('NetworkIn', () => bytes), hourly('NetworkOut', () => bytes / 2)];
        return evaluateRule(rule, instance({ metrics: series }), NOW).verdict;
      };
      assert.ok(STRENGTH[at(more)] >= STRENGTH[at(perHour)]);
    }
  });

  it('the order of tags and of series changes nothing', () => {
    const record = instance({ tags: { a: '1', environment: 'dev', z: '2' } });
    const turned = {
      ...record,
      metrics: [...record.metrics].reverse(),
      asset: { ...record.asset, tags: { z: '2', environment: 'dev', a: '1' } },
    };
    assert.deepEqual(evaluateRule(rule, turned, NOW), evaluateRule(rule, record, NOW));
  });

  it('the same record a whole number of years later gets the same verdict, leap days or not', () => {
    for (const end of ['2027-05-22T12:00:00.000Z', '2028-03-15T12:00:00.000Z', '2028-02-29T12:00:00.000Z'])
      assert.equal(
        evaluateRule(rule, instance({ metrics: metrics(undefined, { end }), observedAt: end }), end).verdict,
        'idle',
      );
  });
});
