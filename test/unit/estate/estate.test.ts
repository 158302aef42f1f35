import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import { CANARIES } from '../../../sandbox/estate/canaries.ts';
import { expectedOutcome, isOpportunity } from '../../../sandbox/estate/expected.ts';
import { withSyntheticIds } from '../../../sandbox/estate/ids.ts';
import { sandboxPhase } from '../../../sandbox/estate/places.ts';
import { Archetype, type SeededAsset } from '../../../sandbox/estate/types.ts';
import { Outcome } from '../../../schemas/outcome.ts';

const NOW = Date.UTC(2026, 0, 15, 9) / 1000;
const estate = withSyntheticIds(buildEstate({ seed: 7, now: NOW }));
const byName = new Map(estate.assets.map((a) => [a.name, a]));

test('the same seed and time give the same estate; ids differ with the seed', () => {
  const again = withSyntheticIds(buildEstate({ seed: 7, now: NOW }));
  assert.deepEqual(again.assets, estate.assets);
  const other = withSyntheticIds(buildEstate({ seed: 8, now: NOW }));
  assert.notDeepEqual(other.assets, estate.assets);
});

test('at least 84 assets, unique names and keys, in both accounts and both regions', () => {
  assert.ok(estate.assets.length >= 84, `${estate.assets.length}`);
  assert.equal(byName.size, estate.assets.length);
  assert.equal(new Set(estate.assets.map((a) => a.assetKey)).size, estate.assets.length);
  const places = new Set(estate.assets.map((a) => `${a.accountId}/${a.region}`));
  assert.deepEqual([...places].sort(), [
    '111122223333/eu-west-1',
    '111122223333/us-east-1',
    '444455556666/eu-west-1',
    '444455556666/us-east-1',
  ]);
});

test('every archetype is there and most assets are at work', () => {
  for (const archetype of Archetype)
    assert.ok(
      estate.assets.some((a) => a.archetype === archetype),
      archetype,
    );
  assert.ok(estate.assets.filter((a) => a.trulyIdle).length * 2 < estate.assets.length);
});

test('no asset that works, is young, exempt or cannot be judged is labelled idle', () => {
  const forbidden: readonly Archetype[] = [
    'weekly-load',
    'month-end-load',
    'steady-load',
    'spiky-load',
    'over-provisioned',
    'warm-dr-standby',
    'no-metrics',
    'half-metrics',
    'new',
    'new-volume',
    'excluded-by-tag',
    'auto-scaling-member',
    'attached-volume',
    'associated-address',
    'busy-load-balancer',
  ];
  for (const a of estate.assets) if (forbidden.includes(a.archetype)) assert.equal(a.trulyIdle, false, a.name);
});

test('attachments and targets name instances of the same account and region', () => {
  for (const a of estate.assets)
    for (const target of [a.volume?.attachedTo, a.address?.attachedTo, ...(a.loadBalancer?.targets ?? [])]) {
      if (!target) continue;
      const instance = byName.get(target) as SeededAsset;
      assert.equal(instance?.resourceType, 'AWS::EC2::Instance', `${a.name} → ${target}`);
      assert.equal(`${instance.accountId}/${instance.region}`, `${a.accountId}/${a.region}`, `${a.name} → ${target}`);
    }
});

test('money is decimal text, or null where the bill has no row', () => {
  for (const a of estate.assets) if (a.dailyCost !== null) assert.match(a.dailyCost, /^\d+(\.\d+)?$/, a.name);
  assert.equal(byName.get('report-idle-1')?.dailyCost, '2.304');
  assert.equal(byName.get('old-vpn-ip')?.dailyCost, '0.12');
  assert.ok(estate.assets.some((a) => a.dailyCost === null));
});

test('the script reaches every outcome the demo must show, and all seven actions', () => {
  const outcomes = new Set(estate.assets.map(expectedOutcome));
  for (const wanted of [
    'remediated',
    'rejected',
    'expired',
    'snoozed',
    'observed',
    'blocked-by-policy',
    'blocked-by-drift',
    'active-again',
    'already-gone',
    'rolled-back',
  ])
    assert.ok(outcomes.has(wanted), wanted);
  for (const outcome of outcomes)
    if (outcome !== null && outcome !== 'snoozed') assert.ok(Outcome.safeParse(outcome).success, outcome);
  const remediatedBy = estate.assets
    .filter((a) => a.demo?.expected === 'remediated')
    .flatMap((a) => a.demo?.steps.map((s) => (s.do === 'approve' ? s.optionId : '')) ?? []);
  assert.deepEqual([...new Set(remediatedBy)].sort(), [
    'delete-load-balancer',
    'release-address',
    'resize-instance',
    'snapshot-and-delete-volume',
    'snapshot-and-terminate-instance',
    'stop-database',
    'stop-instance',
  ]);
});

test('every idle asset has a script unless its region is only observed, and nobody approves who may not', () => {
  for (const a of estate.assets) {
    const observed = sandboxPhase(a) === 'observe';
    if (!observed) assert.equal(a.demo !== null, isOpportunity(a), a.name);
    if (observed && a.demo) assert.equal(a.demo.expected, 'observed', a.name);
    for (const step of a.demo?.steps ?? [])
      if (step.do === 'approve') {
        assert.ok(!step.by.includes('dev@acme.example') && !step.by.includes('mallory@acme.example'), a.name);
        assert.ok(a.environment !== 'prod' || step.by.length >= 2, `${a.name} is production and needs two`);
      }
  }
  const pressless = estate.assets.filter((a) => a.demo?.steps.length === 0 && a.demo.expected === 'remediated');
  assert.ok(pressless.length >= 2);
  for (const a of pressless) {
    assert.equal(sandboxPhase(a), 'automate');
    assert.equal(a.environment, 'dev');
  }
});

test('an exposed machine with a known-exploited vulnerability is stopped, never destroyed', () => {
  const kev = estate.assets.filter((a) => a.archetype === 'idle-exposed-kev');
  assert.ok(kev.length > 0);
  for (const a of kev) {
    assert.ok(a.posture.internetExposed && a.posture.findings.some((f) => f.kev && f.cve === 'CVE-2021-44228'));
    for (const step of a.demo?.steps ?? []) assert.ok(step.do !== 'approve' || step.optionId === 'stop-instance');
  }
});

test('canaries are planted in name, tags, bill, CMDB, posture and trail', () => {
  assert.equal(byName.has(CANARIES.assetName), false, 'nobody who tries the estate meets them');
  const planted = buildEstate({ seed: 7, now: NOW, canaries: true });
  const text = JSON.stringify(planted.assets.find((a) => a.name === CANARIES.assetName));
  const { monthlyAmountDigits, ...literal } = CANARIES;
  for (const value of Object.values(literal)) assert.ok(text.includes(value), value);
  assert.equal(String(Math.trunc((Number(CANARIES.dailyAmount) * 730) / 24)), monthlyAmountDigits);
});

test('an owner nobody names, and instructions hidden in a tag', () => {
  const orphan = byName.get('orphan-1') as SeededAsset;
  assert.equal(orphan.tags['owner'], undefined);
  assert.equal(orphan.cmdb?.ownerEmail, null);
  assert.equal(orphan.createdBy, null);
  const kiosk = byName.get('kiosk-idle') as SeededAsset;
  assert.match(Object.values(kiosk.tags).join(' '), /ignore previous instructions/);
});
