import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRules } from '../../../config/load-rules.ts';
import { evaluateAsset, nominate } from '../../../domain/detection/evaluate.ts';
import { selectOpportunity } from '../../../domain/detection/select-opportunity.ts';
import { needsConfirmation, standingOf } from '../../../domain/detection/standing.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import { isOpportunity } from '../../../sandbox/estate/expected.ts';
import { withSyntheticIds } from '../../../sandbox/estate/ids.ts';
import { CloudProvider } from '../../../schemas/resource-type.ts';
import { recordOf } from './record-of.ts';

const { rules } = await loadRules();

/** Mid-month, the turn of the month, and a leap day: the labels must hold whenever the sandbox is started. */
for (const cloud of CloudProvider.options)
  for (const day of ['2026-01-15', '2026-03-01', '2026-08-19', '2028-02-29'])
    test(`the shipped rules and the labels agree on every asset of ${cloud}, seen on ${day}`, () => {
      const now = `${day}T09:00:00Z`;
      const estate = withSyntheticIds(buildEstate({ seed: 7, now: Date.parse(now) / 1000, clouds: [cloud] }));
      const kinds = new Set<string>();
      for (const asset of estate.assets) {
        const record = recordOf(estate, asset);
        const verdicts = evaluateAsset(rules, record, now);
        const chosen = selectOpportunity(verdicts, rules);
        const said = `${asset.name}: ${JSON.stringify(verdicts.map((v) => [v.ruleId, v.verdict, v.reasons]))}`;
        assert.equal(chosen !== null, isOpportunity(asset), said);
        assert.equal(standingOf(verdicts, rules) === 'idle', isOpportunity(asset), said);
        if (chosen === null) continue;
        assert.equal(chosen.rule.kind === 'idle', asset.trulyIdle, said);
        assert.equal(chosen.rule.provider, cloud);
        // A week of it must be enough to look closer, or the long window is never asked for.
        assert.ok(needsConfirmation(nominate(rules, record, now), rules), said);
        kinds.add(chosen.rule.check);
      }
      const expected = ['instance-idle', 'instance-over-provisioned', 'instance-stopped', 'volume-unattached'];
      for (const check of [...expected, 'address-unassociated', 'database-idle']) assert.ok(kinds.has(check), check);
      assert.equal(kinds.has('load-balancer-idle-traffic'), cloud !== 'gcp');
    });
