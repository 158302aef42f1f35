import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluateRule } from '../../../domain/detection/evaluate.ts';
import { unitFactor } from '../../../domain/detection/units.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import { CASES } from './catalogue/index.ts';
import { type RuleCase, recordFor } from './catalogue/rule-case.ts';
import { NOW, RULES } from './fixtures.ts';

/** Written as CloudWatch, Azure Monitor and Cloud Monitoring (UCUM) write them. */
const SAME: Readonly<Record<string, readonly (readonly [said: string, factor: number])[]>> = {
  Percent: [
    ['Percent', 1],
    ['percent', 1],
    ['%', 1],
    ['None', 1],
    ['', 1],
    ['Fraction', 100],
    ['RATIO', 100],
    ['1', 100],
    ['10^2.%', 100],
  ],
  Bytes: [
    ['Bytes', 1],
    ['By', 1],
    ['Kilobytes', 1024],
    ['KiBy', 1024],
    ['MiBy', 1024 ** 2],
    ['Gigabytes', 1024 ** 3],
    ['GB', 1024 ** 3],
    ['Bits', 1 / 8],
    ['Megabits', 1024 ** 2 / 8],
    ['Terabytes', 1024 ** 4],
  ],
  Count: [
    ['Count', 1],
    ['count', 1],
    ['1', 1],
    ['{requests}', 1],
  ],
  'Bytes/Second': [
    ['Bytes/Second', 1],
    ['BytesPerSecond', 1],
    ['By/s', 1],
    ['Kilobytes/Second', 1024],
    ['Bits/Second', 1 / 8],
  ],
  'Count/Second': [
    ['Count/Second', 1],
    ['CountPerSecond', 1],
    ['Count/Minute', 1 / 60],
    ['IOPS', 1],
  ],
};
/** What measures something else, in whatever spelling, is refused. */
const OTHER: Readonly<Record<string, readonly string[]>> = {
  Percent: ['Bytes', 'Count', 'Seconds', 'Milliseconds', 'Count/Second', 'furlongs'],
  Bytes: ['Percent', 'Count', 'Bytes/Second', 'Seconds', 'By/s'],
  Count: ['Percent', 'Bytes', 'Count/Second', 'Milliseconds'],
  'Bytes/Second': ['Bytes', 'Percent', 'Count/Second', 'Seconds'],
  'Count/Second': ['Count', 'Bytes/Second', 'Percent'],
};

describe('a unit', () => {
  for (const [wanted, spellings] of Object.entries(SAME))
    for (const [said, factor] of spellings)
      it(`${JSON.stringify(said)} is read as ${wanted} times ${factor}`, () =>
        assert.equal(unitFactor(said, wanted as 'Percent'), factor));
  for (const [wanted, spellings] of Object.entries(OTHER))
    for (const said of spellings)
      it(`${said} is no ${wanted}`, () => assert.equal(unitFactor(said, wanted as 'Percent'), null));
});

/** Every rule that reads series, on the record it calls idle: the values are the same, only the unit says otherwise. */
describe('every rule, cloud and series', () => {
  const inUnits = (record: AssetRecord, metric: string, unit: string): AssetRecord => ({
    ...record,
    metrics: record.metrics.map((s) => (s.metric === metric ? { ...s, unit } : s)),
  });
  for (const rule of RULES) {
    const example = CASES[rule.id] as RuleCase;
    const idle = recordFor(rule, example);
    for (const { metric, unit } of rule.metrics) {
      const series = idle.metrics.find((s) => s.metric === metric);
      if (series === undefined || !series.values.some((v) => v !== null)) continue;
      it(`${rule.id} says the same of ${metric} in ${unit}, and nothing in a unit that it is not`, () => {
        assert.equal(evaluateRule(rule, inUnits(idle, metric, unit), NOW).verdict, 'idle');
        const refused = evaluateRule(rule, inUnits(idle, metric, 'Milliseconds'), NOW);
        assert.equal(refused.verdict, 'undetermined', JSON.stringify(refused));
      });
      // What a fraction hides: a value that looks like next to nothing is the whole machine.
      if (unit === 'Percent' && rule.kind !== 'info' && !rule.metrics.find((m) => m.metric === metric)?.invert)
        it(`${rule.id} takes ${metric} of 0.9 in Fraction for 90 %`, () => {
          const share = {
            ...idle,
            metrics: idle.metrics.map((s) =>
              s.metric === metric ? { ...s, unit: 'Fraction', values: s.values.map(() => 0.9) } : s,
            ),
          };
          assert.notEqual(evaluateRule(rule, share, NOW).verdict, 'idle');
        });
      if (unit === 'Bytes' && rule.kind !== 'info')
        it(`${rule.id} takes ${metric} in Gigabytes for gigabytes`, () => {
          const big = {
            ...idle,
            metrics: idle.metrics.map((s) =>
              s.metric === metric ? { ...s, unit: 'Gigabytes', values: s.values.map(() => 1) } : s,
            ),
          };
          assert.equal(evaluateRule(rule, big, NOW).verdict, 'active');
        });
    }
  }
});
