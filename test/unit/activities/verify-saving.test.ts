import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { SavingInput } from '../../../activities/contracts.ts';
import { verifySaving } from '../../../activities/verify/verify-saving.ts';
import type { AccountCosts } from '../../../ports/cost.ts';
import { ProviderError } from '../../../ports/errors.ts';
import type { AssetCost } from '../../../schemas/cost.ts';
import { memoryRecords } from '../../helpers/memory-records.ts';
import { instanceFacts } from '../executor/facts.ts';
import { caseOf } from './rig.ts';

const DAY = 86_400_000;
/** Tuesday morning; the first full day after it is Wednesday the 4th. */
const ACTED = '2026-03-03T10:00:00.000Z';
const FIRST_FULL_DAY = Date.parse('2026-03-04T00:00:00.000Z');
const facts = instanceFacts();

function cost(daily: readonly (string | null)[], over: Partial<AssetCost> = {}): AssetCost {
  return {
    ResourceId: facts.resourceId,
    SubAccountId: facts.accountId,
    RegionId: facts.region,
    ServiceName: 'EC2',
    BillingCurrency: 'USD',
    ChargePeriodStart: new Date(FIRST_FULL_DAY + 2 * DAY - daily.length * DAY).toISOString(),
    ChargePeriodEnd: new Date(FIRST_FULL_DAY + 2 * DAY).toISOString(),
    BilledCost: '0',
    EffectiveCost: '0',
    CommitmentDiscountType: null,
    CommitmentDiscountId: null,
    commitmentCoverage: 0,
    commitmentEndsAt: null,
    monthlyRunRate: '73',
    basis: 'billed',
    dailyTrend: [...daily],
    ...over,
  };
}

function look(options: {
  before?: AssetCost | null;
  after?: AssetCost | null;
  billedDay?: string | null;
  fails?: ProviderError;
  now?: number;
  expected?: string | null;
}) {
  const records = memoryRecords();
  const base = caseOf(facts);
  const { before = cost(['2.4', '2.4']), after = cost(['2.4', '2.4', '0.2', '0.2']) } = options;
  records.cases.set('case-1', { ...base, record: { ...base.record, cost: before } });
  const input: SavingInput = {
    remediationId: 'r',
    caseId: 'case-1',
    asset: facts,
    action: 'stop-instance',
    expected: options.expected === null ? null : { amount: options.expected ?? '66', currency: 'USD' },
    actedAt: ACTED,
    notBefore: new Date(FIRST_FULL_DAY + DAY).toISOString(),
    deadlineAt: new Date(FIRST_FULL_DAY + 5 * DAY).toISOString(),
    pollMs: 50,
  };
  const billedDay = options.billedDay === undefined ? '2026-03-04' : options.billedDay;
  const costs: AccountCosts = {
    accountId: facts.accountId,
    byResource: new Map(after ? [[facts.resourceId, after]] : []),
    rejected: [],
    accountTrend: billedDay ? [{ date: billedDay, amount: '900', currency: 'USD' }] : [],
    requests: 0,
  };
  return verifySaving(
    {
      store: records.store,
      clock: () => new Date(options.now ?? FIRST_FULL_DAY + 2 * DAY),
      cost: {
        vendor: 'scripted',
        check: async () => '',
        accountCosts: async () => {
          if (options.fails) throw options.fails;
          return costs;
        },
      },
    },
    input,
  );
}

async function notYetAfter(options: Parameters<typeof look>[0]): Promise<ApplicationFailure> {
  const error = await look(options).then(
    (r) => assert.fail(JSON.stringify(r)),
    (e: unknown) => e,
  );
  assert.ok(error instanceof ApplicationFailure && error.nonRetryable !== true, String(error));
  return error;
}

test('the bill of the first full day shows the saving', async () => {
  // 0.2 a day is 6.08 a month: 73 − 6.08 = 66.92.
  assert.deepEqual(await look({}), { result: 'verified', realisedMonthly: { amount: '66.92', currency: 'USD' } });
});

test('an asset without a row on a billed day costs nothing any more', async () => {
  assert.deepEqual(await look({ after: null }), {
    result: 'verified',
    realisedMonthly: { amount: '73', currency: 'USD' },
  });
});

test('a quarter less than promised still counts; more than that contradicts', async () => {
  const costing = (daily: string) => look({ after: cost(['2.4', '2.4', daily, daily]), expected: '66' });
  assert.equal((await costing('0.77')).result, 'verified');
  const wrong = await costing('0.78');
  assert.deepEqual([wrong.result, wrong.realisedMonthly?.amount], ['contradicted', '49.28']);
});

test('a bill that has grown contradicts, with the loss in numbers', async () => {
  const grown = await look({ after: cost(['2.4', '2.4', '4.8', '4.8']) });
  assert.deepEqual([grown.result, grown.realisedMonthly?.amount], ['contradicted', '-73']);
});

test('before the bill can be there nobody looks, and the next look is when it can', async () => {
  const error = await notYetAfter({ now: FIRST_FULL_DAY });
  assert.equal(error.nextRetryDelay, DAY);
});

test('a day that is not billed yet is not a day that cost nothing', async () => {
  assert.equal((await notYetAfter({ billedDay: null, after: null })).nextRetryDelay, 50);
  assert.equal((await notYetAfter({ billedDay: '2026-03-03', after: null })).nextRetryDelay, 50);
});

test('not billed by the deadline is said as such, never as a saving', async () => {
  assert.deepEqual(await look({ billedDay: null, after: null, now: FIRST_FULL_DAY + 5 * DAY }), {
    result: 'not-billed-yet',
    realisedMonthly: null,
  });
});

test('where nothing was promised, or nothing was billed before, there is nothing to prove', async () => {
  const nothing = { result: 'not-applicable', realisedMonthly: null };
  assert.deepEqual(await look({ expected: null }), nothing);
  assert.deepEqual(await look({ expected: '0' }), nothing);
  assert.deepEqual(await look({ before: null }), nothing);
  assert.deepEqual(await look({ before: cost(['2.4'], { basis: 'list-price' }) }), nothing);
});

test('a bill that is down is asked again by the activity, not answered', async () => {
  const down = new ProviderError({ kind: 'unavailable', provider: 'ce', operation: 'costs', message: '503' });
  await assert.rejects(look({ fails: down }), ProviderError);
});
