import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AZURE_METRICS, type CatalogueMetric, GCP_METRICS } from '../../../config/rules/metrics.ts';
import { evaluateAsset, evaluateRule, nominate } from '../../../domain/detection/evaluate.ts';
import { selectOpportunity } from '../../../domain/detection/select-opportunity.ts';
import { metricAddress } from '../../../providers/utilisation/cloudwatch/metric-names.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import type { Rule } from '../../../schemas/rules.ts';
import { CASES } from './catalogue/index.ts';
import { aged, type Change, type RuleCase, recordFor } from './catalogue/rule-case.ts';
import { instance, NOW, RULES } from './fixtures.ts';

const judge = (rule: Rule, record: AssetRecord) => evaluateRule(rule, record, NOW);
const cmdb = instance().cmdb as NonNullable<AssetRecord['cmdb']>;
const posture = instance().posture as NonNullable<AssetRecord['posture']>;
const threat = {
  uid: 't',
  class_uid: 2004 as const,
  title: 'Beacon',
  severity_id: 4 as const,
  status_id: 1,
  first_seen_time: null,
  last_seen_time: null,
  cve: null,
  isIssue: true,
};

/** One of each class of exclusion, on top of a record a rule calls idle. */
const EXCLUDED: Readonly<Record<string, (record: AssetRecord) => AssetRecord>> = {
  tag: (r) => ({ ...r, asset: { ...r.asset, tags: { 'Do-Not-Touch': 'until-fair' } } }),
  role: (r) => ({ ...r, asset: { ...r.asset, tags: { role: 'ssh-bastion' } } }),
  'disaster recovery': (r) => ({ ...r, cmdb: { ...cmdb, disasterRecoveryRole: 'warm standby' } }),
  name: (r) => ({ ...r, asset: { ...r.asset, name: 'orders-honeypot-2' } }),
  managed: (r) => ({ ...r, asset: { ...r.asset, tags: { 'kubernetes.io/cluster/blue': 'owned' } } }),
  incident: (r) => ({ ...r, cmdb: { ...cmdb, openIncidents: ['INC1'] } }),
  threat: (r) => ({ ...r, posture: { ...posture, findings: [threat] } }),
};

it('the catalogue has at least 60 rules, each with an id of its own and an example, and no example is left over', () => {
  assert.ok(RULES.length >= 60, `${RULES.length} rules`);
  assert.equal(new Set(RULES.map((r) => r.id)).size, RULES.length);
  assert.deepEqual(Object.keys(CASES).sort(), RULES.map((r) => r.id).sort());
});

for (const rule of RULES) {
  const example = CASES[rule.id] as RuleCase | undefined;
  if (example === undefined) continue;
  const idle = recordFor(rule, example);

  describe(rule.id, () => {
    it('is idle, with a whole record of an old asset', () => {
      const v = judge(rule, idle);
      assert.equal(v.verdict, 'idle', JSON.stringify(v));
      assert.ok(v.confidence > 60 && v.ruleVersion === rule.version, JSON.stringify(v));
    });

    it('is nominated by a week of it, and less sure of it where the week is all there is', () => {
      const week = recordFor(rule, example, { days: rule.windows.nominationDays });
      const v = nominate([rule], week, NOW)[0];
      assert.equal(v?.verdict, 'idle', JSON.stringify(v));
      if (rule.metrics.length > 0 && example.silence !== true) assert.equal(v?.confidence, 60);
    });

    for (const change of example.busy)
      it(`is not idle: ${change.because}`, () => {
        const v = judge(rule, recordFor(rule, example, change));
        const elsewhere = change.because.startsWith('not-applicable:');
        assert.equal(v.verdict, elsewhere ? 'undetermined' : 'active', JSON.stringify(v));
        assert.ok(v.reasons.includes(change.because), JSON.stringify(v));
      });

    for (const change of [...(example.unsure ?? []), ...withoutOne(rule, example)])
      it(`is undetermined: ${change.because}`, () => {
        const v = judge(rule, recordFor(rule, example, change));
        assert.equal(v.verdict, 'undetermined', JSON.stringify(v));
        assert.ok(v.reasons.includes(change.because), JSON.stringify(v));
      });

    it('is undetermined without facts, without a date, from an old record', () => {
      assert.deepEqual(judge(rule, { ...idle, facts: null }).reasons, ['facts-missing']);
      const unknown = { ...idle, asset: { ...idle.asset, createdAt: null } };
      const undated = { ...unknown, facts: withoutDates(idle) };
      assert.equal(judge(rule, undated).verdict, 'undetermined');
      const stale = judge(rule, { ...idle, observedAt: new Date(Date.parse(NOW) - 37 * 3_600_000).toISOString() });
      assert.equal(stale.verdict, 'undetermined');
    });

    it(`is too young a second before ${rule.minimumAgeDays} days`, () => {
      assert.ok(rule.minimumAgeDays >= 1);
      assert.equal(judge(rule, aged(idle, rule.minimumAgeDays)).verdict, 'idle');
      const young = judge(rule, aged(idle, rule.minimumAgeDays, 1));
      assert.equal(young.verdict, 'undetermined');
      assert.ok(young.reasons.includes('too-young'), JSON.stringify(young));
    });

    for (const [what, exclude] of Object.entries(EXCLUDED))
      it(`is undetermined when excluded by ${what}`, () => {
        const v = judge(rule, exclude(idle));
        assert.equal(v.verdict, 'undetermined');
        assert.ok(v.reasons.length > 0 && v.reasons.every((r) => r.startsWith('excluded:')), JSON.stringify(v));
      });

    it(rule.kind === 'info' ? 'is reported and never an opportunity' : 'may become an opportunity', () => {
      const chosen = selectOpportunity(evaluateAsset(RULES, idle, NOW), RULES);
      if (rule.kind === 'info') assert.notEqual(chosen?.rule.id, rule.id);
      else assert.ok(chosen !== null && chosen.rule.options.length > 0);
      if (idle.facts?.kind === 'resource') assert.equal(chosen, null);
    });

    it('has every condition and every limit shown to fail', () => {
      if (rule.check !== 'resource-unused') return;
      const verdicts = example.busy.map((change) => judge(rule, recordFor(rule, example, change)));
      for (const { attribute } of rule.thresholds.conditions)
        assert.ok(
          verdicts.some((v) =>
            v.reasons.some((r) =>
              attribute === 'facts.state' ? r.startsWith('not-applicable:') : r === `in-use:${attribute}`,
            ),
          ),
          attribute,
        );
      for (const { metric, of, atMost } of rule.thresholds.limits)
        assert.ok(
          verdicts.some((v) => v.evidence.some((e) => e.code === `limit:${metric}:${of}` && Number(e.value) > atMost)),
          `${of} of ${metric}`,
        );
    });

    it('reads series its provider has', () => {
      const known: Readonly<Record<string, Readonly<Record<string, CatalogueMetric>>>> = {
        ...AZURE_METRICS,
        ...GCP_METRICS,
      };
      for (const { metric, statistic } of rule.metrics) {
        if (rule.provider === 'aws') metricAddress({ asset: example.facts, metric, statistic });
        else assert.equal(known[rule.resourceType]?.[metric]?.statistic, statistic, metric);
      }
    });
  });
}

/** Every attribute the rule has to know, and every series, left out in turn; and half of each series. */
function withoutOne(rule: Rule, example: RuleCase): Change[] {
  const changes: Change[] = [];
  const { facts } = example;
  if (rule.check === 'resource-unused' && facts.kind === 'resource')
    for (const c of rule.thresholds.conditions) {
      if (c.present === false || c.attribute.startsWith('facts.')) continue;
      const written = [c.attribute, `properties.${c.attribute}`].find((name) => name in facts.attributes);
      assert.ok(written, `${rule.id} has no example of ${c.attribute}`);
      changes.push({ attributes: { [written]: null }, because: `attribute-unknown:${c.attribute}` });
    }
  if (example.silence) return changes;
  for (const [metric, values] of Object.entries(example.series ?? {})) {
    const half = (back: number) => (back % 2 === 1 ? null : typeof values === 'function' ? values(back) : values);
    changes.push({ series: { [metric]: null }, because: `metrics-empty:${metric}` });
    changes.push({ series: { [metric]: half }, because: `coverage-too-low:${metric}` });
    changes.push({ series: { [metric]: Number.NaN }, because: `metrics-invalid:${metric}` });
    changes.push({ without: metric, because: `metrics-missing:${metric}` });
  }
  return changes;
}

function withoutDates({ facts }: AssetRecord): AssetRecord['facts'] {
  if (facts === null) return null;
  switch (facts.kind) {
    case 'instance':
      return { ...facts, launchTime: 'unknown' };
    case 'volume':
      return { ...facts, createTime: 'unknown' };
    case 'load-balancer':
      return { ...facts, createdTime: 'unknown' };
    case 'database':
    case 'resource':
      return { ...facts, createTime: null };
    case 'address':
      return facts;
  }
}
