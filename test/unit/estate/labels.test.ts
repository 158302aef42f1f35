import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRules } from '../../../config/load-rules.ts';
import { evaluateAsset } from '../../../domain/detection/evaluate.ts';
import { selectOpportunity } from '../../../domain/detection/select-opportunity.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import { isOpportunity } from '../../../sandbox/estate/expected.ts';
import { withSyntheticIds } from '../../../sandbox/estate/ids.ts';
import { recordOf } from './record-of.ts';

const { rules } = await loadRules();

/** Mid-month, the turn of the month, and a leap day: the labels must hold whenever the sandbox is started. */
for (const day of ['2026-01-15', '2026-03-01', '2026-08-19', '2028-02-29'])
  test(`the shipped rules and the labels agree on every asset, seen on ${day}`, () => {
    const now = `${day}T09:00:00Z`;
    const estate = withSyntheticIds(buildEstate({ seed: 7, now: Date.parse(now) / 1000 }));
    for (const asset of estate.assets) {
      const verdicts = evaluateAsset(rules, recordOf(estate, asset), now);
      const chosen = selectOpportunity(verdicts, rules);
      const said = `${asset.name}: ${JSON.stringify(verdicts.map((v) => [v.ruleId, v.verdict, v.reasons]))}`;
      assert.equal(chosen !== null, isOpportunity(asset), said);
      if (chosen) assert.equal(chosen.rule.kind === 'idle', asset.trulyIdle, said);
    }
  });
