import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pointsOf } from '../../../activities/telemetry/points.ts';
import { addCounts, COUNTED, countsOf, totalsOf } from '../../../activities/telemetry/tally.ts';
import { AuditEventType } from '../../../schemas/audit.ts';

const row = (type: string, fields: Record<string, string> = {}, kind = 'human') => ({
  event: {
    stream: 's',
    seq: 1,
    eventId: 'e',
    type,
    at: '2026-03-02T09:00:00.000Z',
    actor: { kind, id: 'x' },
    subject: 's',
    hash: '',
  },
  fields,
});

test('every type that is read for the totals adds to one, and no other type does', () => {
  for (const type of COUNTED) assert.ok(countsOf(row(type)).length > 0, type);
  for (const type of AuditEventType.options)
    if (!(COUNTED as readonly string[]).includes(type)) assert.deepEqual(countsOf(row(type)), [], type);
});

test('savings are summed as decimals, by currency, and only when the bill confirms them', () => {
  const feedback = (result: string, amount: string, currency: string) =>
    countsOf(row('FEEDBACK', { result, saving_monthly: amount, saving_currency: currency }));
  const tally = [
    feedback('verified', '0.1', 'USD'),
    feedback('verified', '0.2', 'USD'),
    feedback('verified', '90071992547409.93', 'EUR'),
    feedback('contradicted', '5', 'USD'),
  ].reduce((sum, counts) => addCounts(sum, counts), {});
  const saved = totalsOf([{ counts: tally }]).filter((total) => total.metric === 'idlewise.savings.verified_monthly');
  assert.deepEqual(Object.fromEntries(saved.map((total) => [total.tags['currency'], total.by])), {
    USD: '0.3',
    EUR: '90071992547409.93',
  });
});

test('totals add up over streams', () => {
  const one = addCounts({}, countsOf(row('OUTCOME', { outcome: 'rejected' })));
  const two = addCounts(one, countsOf(row('OUTCOME', { outcome: 'rejected' })));
  assert.deepEqual(totalsOf([{ counts: one }, { counts: two }]), [
    { metric: 'idlewise.runs', tags: { outcome: 'rejected', action: 'none' }, by: '3' },
  ]);
});

test('points carry the full minute, so that sending again in it changes nothing', () => {
  const at = (now: string) =>
    pointsOf({
      now: new Date(now),
      since: '2026-03-01T00:00:00.000Z',
      totals: [],
      events: 7,
      behind: { logs: 2 },
      parked: 0,
      sweep: null,
    });
  assert.deepEqual(at('2026-03-02T09:00:01.000Z'), at('2026-03-02T09:00:59.999Z'));
  assert.equal(at('2026-03-02T09:00:59.999Z')[0]?.at, '2026-03-02T09:00:00.000Z');
  assert.deepEqual(
    at('2026-03-02T09:00:00Z').map((p) => [p.name, p.kind, p.value]),
    [
      ['idlewise.audit.events', 'total', '7'],
      ['idlewise.telemetry.behind', 'level', '2'],
      ['idlewise.telemetry.parked', 'level', '0'],
    ],
  );
});
