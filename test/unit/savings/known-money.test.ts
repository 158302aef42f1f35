import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { automationDecision } from '../../../domain/automation.ts';
import { evaluateAsset } from '../../../domain/detection/evaluate.ts';
import { selectOpportunity } from '../../../domain/detection/select-opportunity.ts';
import { buildOptions } from '../../../domain/options.ts';
import { maintainUntil, recommendOption } from '../../../domain/recommend.ts';
import { assessRisk } from '../../../domain/risk/assess.ts';
import { baseRisk } from '../../../domain/risk/base-risk.ts';
import { savingOf } from '../../../domain/savings.ts';
import type { AssetCost } from '../../../schemas/cost.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import type { Option } from '../../../schemas/option.ts';
import { instance, instanceFacts, NOW, RULES, seeded } from '../detection/fixtures.ts';

const bill = (over: Partial<AssetCost> = {}): AssetCost => ({
  ResourceId: 'i-0a1b2c3d4e5f60718',
  SubAccountId: '111122223333',
  RegionId: null,
  ServiceName: null,
  BillingCurrency: 'USD',
  ChargePeriodStart: NOW,
  ChargePeriodEnd: NOW,
  BilledCost: '0',
  EffectiveCost: '0',
  CommitmentDiscountType: null,
  CommitmentDiscountId: null,
  commitmentCoverage: 0,
  commitmentEndsAt: null,
  monthlyRunRate: '30.37',
  basis: 'billed',
  dailyTrend: [],
  ...over,
});
const volume = (sizeGiB: number) => ({ ...(instanceFacts().volumes[0] as object), sizeGiB }) as never;

function judged(record: AssetRecord) {
  const selected = selectOpportunity(evaluateAsset(RULES, record, NOW), RULES);
  assert.ok(selected);
  const options = buildOptions({ record, verdict: selected.verdict, environment: 'dev', rules: RULES });
  const risk = assessRisk(baseRisk(record, 'dev'), selected.verdict, null);
  const recommended = recommendOption(options, risk.exposureScore);
  const option = options.find((o) => o.optionId === recommended) ?? null;
  const automation = automationDecision({ phase: 'automate', environment: 'dev', risk, option });
  return { options, recommended, automation, maintain: maintainUntil(record, recommended) };
}

describe('the line of an instance is its compute alone, however the bill calls the service', () => {
  for (const name of [
    null,
    'Amazon Elastic Compute Cloud',
    'Amazon Elastic Compute Cloud - Compute',
    'AMAZON ELASTIC COMPUTE CLOUD',
    'AmazonEC2',
    'Amazon EC2',
    'EC2',
    'EC2 - Instances',
  ])
    for (const disk of [8, 100, 500, 16_000])
      it(`${name}, with a disk of ${disk} GiB`, () => {
        const record = instance(
          { cost: bill({ ServiceName: name }) },
          { instanceType: 't3.medium', volumes: [volume(disk)] },
        );
        const { options, recommended } = judged(record);
        assert.equal(options[0]?.monthlySaving?.amount, '30.37');
        assert.equal(recommended, 'stop-instance');
      });
  for (const [provider, type, names] of [
    ['azure', 'Standard_D2s_v5', [null, 'Virtual Machines', 'virtual machines']],
    ['gcp', 'n2-standard-2', [null, 'Compute Engine', 'COMPUTE ENGINE']],
  ] as const)
    for (const name of names)
      it(`${provider}: ${name}`, () => {
        const facts = { ...instanceFacts({ instanceType: type, volumes: [volume(500)] }), provider };
        const record = instance({ cost: bill({ ServiceName: name }) });
        const asset = { ...record.asset, provider };
        assert.equal(savingOf('stop-instance', { ...record, asset, facts }).monthly?.amount, '30.37');
      });
  it('what is billed as other than the instance is not', () => {
    const record = instance({ cost: bill({ ServiceName: 'EC2 - Other' }) });
    assert.equal(savingOf('stop-instance', record).monthly?.amount, '22.37');
  });
});

describe('without a bill', () => {
  it('a list price is marked and never opens automation', () => {
    const { options, automation } = judged(instance());
    assert.ok(options.every((o) => o.savingBasis === 'list-price' && /list price/.test(o.savingNote)));
    assert.deepEqual(automation, { allowed: false, reasons: ['saving-not-billed'] });
  });
  it('nor does a source that has list prices only, or one whose amount cannot be used', () => {
    for (const cost of [bill({ basis: 'list-price' }), bill({ monthlyRunRate: '-5' })]) {
      const { automation } = judged(instance({ cost }));
      assert.ok(automation.reasons.includes('saving-not-billed'), JSON.stringify(automation));
    }
  });
  it('and no price at all is unknown', () => {
    const { options, recommended, automation } = judged(instance({}, { instanceType: 'q9.large' }));
    assert.deepEqual([options[0]?.monthlySaving, options[0]?.savingBasis, recommended], [null, null, null]);
    assert.equal(automation.allowed, false);
  });
  it('with a bill it is open', () => assert.deepEqual(judged(instance({ cost: bill() })).automation.reasons, []));
});

describe('what a commitment covers is maintained until it ends', () => {
  for (const type of ['reservation', 'savings-plan'] as const)
    for (const coverage of [1, 0])
      for (const end of ['2026-05-23T00:00:00.000Z', '2027-10-01T00:00:00.000Z', null])
        it(`${type}, coverage ${coverage}, until ${end}`, () => {
          const cost = bill({ CommitmentDiscountType: type, commitmentCoverage: coverage, commitmentEndsAt: end });
          const { options, recommended, maintain } = judged(instance({ cost }));
          assert.equal(options[0]?.monthlySaving?.amount, '0');
          assert.equal(recommended, null);
          assert.deepEqual(maintain, { until: end, because: type });
          assert.match(options[0]?.savingNote ?? '', /Maintain it until then/);
          if (end !== null) assert.ok(options[0]?.savingNote.includes(end.slice(0, 10)));
        });
  it('half of it leaves the other half to save, and one that has ended binds nothing', () => {
    const half = judged(instance({ cost: bill({ CommitmentDiscountType: 'savings-plan', commitmentCoverage: 0.5 }) }));
    assert.deepEqual([half.recommended, half.maintain], ['stop-instance', null]);
    const ended = bill({ CommitmentDiscountType: 'reservation', commitmentEndsAt: '2026-05-01T00:00:00.000Z' });
    assert.equal(judged(instance({ cost: ended })).recommended, 'stop-instance');
  });
});

describe('an action is never recommended because a milder one saves nothing', () => {
  const random = seeded(3);
  const harshness = { reversible: 0, restorable: 1, irreversible: 2 };
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  it('over a thousand sets of options', () => {
    for (let n = 0; n < 1000; n++) {
      const options = Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
        const amount = pick(['-3', '0', '0.01', '20', null]);
        return {
          optionId: pick(['stop-instance', 'resize-instance', 'snapshot-and-terminate-instance', 'release-address']),
          reversibility: pick(['reversible', 'restorable', 'irreversible'] as const),
          monthlySaving: amount === null ? null : { amount, currency: 'USD' },
          blockers: random() < 0.3 ? ['spot'] : [],
        };
      });
      const chosen = recommendOption(options as unknown as Option[], 0);
      const open = options.filter((o) => o.blockers.length === 0);
      const mildest = Math.min(...open.map((o) => harshness[o.reversibility]));
      const saves = open.some(
        (o) => harshness[o.reversibility] === mildest && Number(o.monthlySaving?.amount ?? 0) > 0,
      );
      assert.equal(chosen !== null, saves, JSON.stringify(options));
      if (chosen === null) continue;
      assert.ok(open.some((o) => o.optionId === chosen && harshness[o.reversibility] === mildest));
    }
  });
});
