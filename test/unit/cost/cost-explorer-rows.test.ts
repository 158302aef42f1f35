import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { parseCostPage } from '../../../providers/cost/aws-cost-explorer/answer.ts';
import { linesOf, refusedOf, totalsOf } from '../../../providers/cost/aws-cost-explorer/lines.ts';
import { pagesOf } from '../../../providers/cost/aws-cost-explorer/query.ts';

const metric = (Amount: string) => ({ Amount, Unit: 'USD' });
const group = (key: string, Metrics: object = { AmortizedCost: metric('2.4'), UnblendedCost: metric('2.4') }) => ({
  Keys: [key, 'On Demand Instances'],
  Metrics,
});
const day = (Start: string, Groups: unknown) => ({ TimePeriod: { Start, End: Start }, Groups, Estimated: true });
const ANSWER = {
  ResultsByTime: [
    day('2026-11-01', [group('i-0a'), group('arn:aws:ec2:eu-west-1:111122223333:instance/i-0b', {}), group('i-0c')]),
    day('2026-11-02', null),
    { TimePeriod: { Start: '2026-11-03' }, Total: {}, Groups: [group('i-0a')] },
    'odd',
  ],
};

test('one odd group or day costs itself alone, and is named with field, found and fix', () => {
  const page = parseCostPage(ANSWER, 'GetCostAndUsageWithResources');
  assert.deepEqual(
    [...linesOf([page])].map(({ date, resourceId }) => `${date} ${resourceId}`),
    ['2026-11-01 i-0a', '2026-11-01 i-0c', '2026-11-03 i-0a'],
  );
  const refused = refusedOf([page]);
  assert.deepEqual(
    refused.map(({ resourceId, field }) => [resourceId, field]),
    [
      ['2026-11-02', 'Groups'],
      ['(row)', '(root)'],
      ['i-0b', 'Metrics.AmortizedCost'],
    ],
  );
  assert.ok(refused.every(({ reason, found, fix }) => reason !== '' && found && fix));
  assert.equal([...totalsOf([page], 'i-0a')].length, 2);
});

test('an answer of which nothing can be read is no answer', async () => {
  const client = { send: async () => ({ ResultsByTime: [day('2026-11-01', [group('i-0a', {})])] }) } as never;
  const input = {
    TimePeriod: { Start: '2026-11-01', End: '2026-11-02' },
    Granularity: 'DAILY',
    Metrics: [],
    Filter: {},
  } as const;
  await assert.rejects(
    pagesOf(client, { ...input, Metrics: [...input.Metrics] }, true),
    (error) => isProviderError(error, 'malformed') && /Metrics/.test(error.message),
  );
});
