import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instanceMonthly, volumeMonthly } from '../../../domain/clouds/aws/prices.ts';
import { familyOf, shapeOf, sizeFactor } from '../../../domain/clouds/aws/shapes.ts';
import { savingOf } from '../../../domain/savings.ts';
import { nextSmaller } from '../../../domain/sizing.ts';
import type { AssetCost } from '../../../schemas/cost.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import {
  addressFacts,
  instance,
  instanceFacts,
  loadBalancerFacts,
  NOW,
  recordOf,
  volumeFacts,
} from '../detection/fixtures.ts';

const COMPUTE = 'Amazon Elastic Compute Cloud - Compute';
const cost = (over: Partial<AssetCost> = {}): AssetCost => ({
  ResourceId: 'r',
  SubAccountId: '111122223333',
  RegionId: null,
  ServiceName: COMPUTE,
  BillingCurrency: 'USD',
  ChargePeriodStart: NOW,
  ChargePeriodEnd: NOW,
  BilledCost: '0',
  EffectiveCost: '0',
  CommitmentDiscountType: null,
  CommitmentDiscountId: null,
  commitmentCoverage: 0,
  commitmentEndsAt: null,
  monthlyRunRate: '280.32',
  basis: 'billed',
  dailyTrend: [],
  ...over,
});
const amount = (action: Parameters<typeof savingOf>[0], record: AssetRecord, target?: string) =>
  savingOf(action, record, target).monthly?.amount ?? null;
const STOP = 'stop-instance';
const TERMINATE = 'snapshot-and-terminate-instance';
const RESIZE = 'resize-instance';

// One m5.2xlarge with a 100 GiB gp3 disk that goes with it: 8 USD a month, its snapshot up to 5.
describe('an instance billed for compute alone', () => {
  const record = instance({ cost: cost() });
  it('saves its run-rate when stopped, and says what stays', () => {
    assert.equal(amount(STOP, record), '280.32');
    assert.match(
      savingOf(STOP, record).note,
      /From the bill\. Disks and addresses keep costing about 8\.00 USD a month\./,
    );
  });
  it('saves its disk, too, less the snapshot, when terminated', () => {
    assert.equal(amount(TERMINATE, record), '283.32');
  });
  it('saves three quarters at a quarter of the size', () => {
    assert.equal(amount(RESIZE, record, 'm5.large'), '210.24');
    assert.equal(amount(RESIZE, record, 'm5.xlarge'), '140.16');
  });
  it('keeps a disk that outlives it', () => {
    const volume = instanceFacts().volumes[0] as ReturnType<typeof instanceFacts>['volumes'][number];
    const kept = instance({ cost: cost() }, { volumes: [{ ...volume, deletedWithInstance: false }] });
    assert.equal(amount(TERMINATE, kept), '275.32');
  });
});

// The line of an instance is compute alone in every bill; one of some other service is not known to be.
const TOTAL = 'Infrastructure, all in';
describe('an instance whose bill is the total of everything on it', () => {
  const record = instance({ cost: cost({ ServiceName: TOTAL }) });
  it('saves less what stays', () => assert.equal(amount(STOP, record), '272.32'));
  it('and less its static address', () => {
    const withAddress = instance({ cost: cost({ ServiceName: TOTAL }) }, { staticAddressId: 'eipalloc-1' });
    assert.equal(amount(STOP, withAddress), '268.67');
    assert.equal(amount(TERMINATE, withAddress), '271.67');
  });
  it('never saves less than nothing', () => {
    assert.equal(amount(STOP, instance({ cost: cost({ ServiceName: TOTAL, monthlyRunRate: '3' }) })), '0');
  });
  it('in another currency cannot be netted with USD list prices', () => {
    assert.equal(amount(STOP, instance({ cost: cost({ ServiceName: TOTAL, BillingCurrency: 'EUR' }) })), null);
    assert.deepEqual(savingOf(STOP, instance({ cost: cost({ BillingCurrency: 'EUR' }) })).monthly, {
      amount: '280.32',
      currency: 'EUR',
    });
    assert.equal(amount(TERMINATE, instance({ cost: cost({ BillingCurrency: 'EUR' }) })), null);
  });
});

describe('commitments', () => {
  const covered = (over: Partial<AssetCost>) =>
    instance({ cost: cost({ CommitmentDiscountType: 'reservation', commitmentCoverage: 1, ...over }) });
  it('a covered instance saves nothing until the commitment ends, and says so', () => {
    const s = savingOf(STOP, covered({ commitmentEndsAt: '2027-03-01T00:00:00.000Z' }));
    assert.equal(s.monthly?.amount, '0');
    assert.match(
      s.note,
      /Covered by a reservation: that part saves nothing until it ends on 2027-03-01 or is used elsewhere\. Maintain it until then\./,
    );
    assert.equal(amount(RESIZE, covered({}), 'm5.large'), '0');
  });
  it('its disk can still be saved', () => assert.equal(amount(TERMINATE, covered({})), '3'));
  it('half covered saves half', () =>
    assert.equal(amount(STOP, covered({ commitmentCoverage: 0.5, CommitmentDiscountType: 'savings-plan' })), '140.16'));
  it('one that has ended binds nothing', () =>
    assert.equal(amount(STOP, covered({ commitmentEndsAt: '2026-05-01T00:00:00.000Z' })), '280.32'));
  it('one without a stated share is taken to cover everything', () =>
    assert.equal(amount(STOP, covered({ commitmentCoverage: 0 })), '0'));
});

describe('without a bill', () => {
  it('a list price is a marked estimate', () => {
    const s = savingOf(STOP, instance());
    assert.equal(s.monthly?.amount, '280.32');
    assert.match(s.note, /Estimate at list price/);
  });
  it('an unknown type has no saving, rather than a guess', () => {
    assert.equal(amount(STOP, instance({}, { instanceType: 'x9z.huge' })), null);
    assert.equal(amount(STOP, instance({ facts: null })), null);
  });
  it('a negative or unreadable run-rate is no cost', () => {
    assert.match(savingOf(STOP, instance({ cost: cost({ monthlyRunRate: '-5' }) })).note, /Estimate/);
  });
  it('a stopped instance only has its disk to save', () => {
    const stopped = instance({ cost: cost({ monthlyRunRate: '0' }) }, { state: 'stopped' });
    assert.equal(amount(TERMINATE, stopped), '3');
  });
});

describe('storage and network', () => {
  it('a volume saves its price less the snapshot that stays', () => {
    assert.equal(amount('snapshot-and-delete-volume', recordOf(volumeFacts())), '6');
    assert.equal(amount('snapshot-and-delete-volume', recordOf(volumeFacts({ volumeType: 'sc1' }))), '-7');
  });
  it('an address saves 3.65, a load balancer 16.425', () => {
    assert.equal(amount('release-address', recordOf(addressFacts())), '3.65');
    assert.equal(amount('delete-load-balancer', recordOf(loadBalancerFacts())), '16.425');
  });
});

describe('prices and sizes', () => {
  it('follow the family: price is linear in size', () => {
    assert.equal(instanceMonthly('m5.large')?.toString(), '70.08');
    assert.equal(instanceMonthly('m5.2xlarge')?.toString(), '280.32');
    assert.equal(instanceMonthly('t3.micro')?.toString(), '7.592');
    assert.equal(instanceMonthly('q1.large'), null);
    assert.equal(volumeMonthly({ volumeType: 'gp3', sizeGiB: 100, iops: 4000, throughput: 225 })?.toString(), '17');
    assert.equal(volumeMonthly({ volumeType: 'gp9', sizeGiB: 1 }), null);
  });
  it('step down inside the family only, and never below the memory in use', () => {
    const down = (instanceType: string, steps: number, memoryGiB = 0) =>
      nextSmaller(familyOf(instanceType), { instanceType, steps, fits: (s) => s.memoryGiB >= memoryGiB })?.instanceType;
    assert.equal(down('m5.2xlarge', 2), 'm5.large');
    assert.equal(down('m5.2xlarge', 2, 10), 'm5.xlarge');
    assert.equal(down('m5.xlarge', 2), 'm5.large');
    assert.equal(down('m5.large', 2), undefined);
    assert.equal(down('m5.2xlarge', 1, 17), undefined);
    assert.equal(down('m5d.2xlarge', 1), undefined);
    assert.equal(down('m5.metal', 1), undefined);
  });
  it('every shape of a family has one architecture, a factor, and grows', () => {
    for (const family of ['t3', 't4g', 'm5', 'm6g', 'c5', 'c7i-flex', 'r5', 'r8g', 'x8g']) {
      const shapes = familyOf(`${family}.large`);
      assert.ok(shapes.length > 3, family);
      assert.equal(new Set(shapes.map((s) => s.architecture)).size, 1);
      for (const s of shapes) assert.ok((sizeFactor(s.instanceType) ?? 0) > 0, s.instanceType);
      const memory = shapes.map((s) => s.memoryGiB);
      assert.deepEqual(
        memory,
        [...memory].sort((a, b) => a - b),
      );
    }
    assert.deepEqual(shapeOf('m6g.xlarge'), {
      instanceType: 'm6g.xlarge',
      architecture: 'arm64',
      vcpus: 4,
      memoryGiB: 16,
    });
  });
});
