import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluateAsset, evaluateRule, nominate } from '../../../domain/detection/evaluate.ts';
import { hourly, instance, metrics, NOW, quietCpu, RULES, ruleOf, SLOTS } from './fixtures.ts';

const rule = ruleOf('instance-idle');
const verdictOf = (record: ReturnType<typeof instance>, now = NOW) => evaluateRule(rule, record, now);
/** Quiet, with `value` at the sample `hoursBack` hours before the end. */
const blip = (hoursBack: number, value: number) => (i: number) => (i === SLOTS - hoursBack ? value : quietCpu(i));
const withCpu = (cpu: (i: number, hour: number) => number | null) => verdictOf(instance({ metrics: metrics(cpu) }));

describe('an instance that does nothing', () => {
  it('is idle with a month of whole evidence, and sure enough for automation', () => {
    const v = verdictOf(instance());
    assert.equal(v.verdict, 'idle');
    assert.equal(v.windowDays, 30);
    assert.ok(v.confidence >= 95, `confidence ${v.confidence}`);
    assert.deepEqual(v.coverage, { expected: 720, observed: 720, ratio: 1 });
    assert.match(v.ruleVersion, /^\d+\+[0-9a-f]{8}$/);
    assert.deepEqual(
      v.evidence.map((e) => e.id),
      ['ev-cpu-p95', 'ev-cpu-max', 'ev-network-day'],
    );
  });

  it('is idle on a fortnight alone, but never sure enough for automation', () => {
    const v = verdictOf(instance({ metrics: metrics(quietCpu, { days: 14 }) }));
    assert.equal(v.verdict, 'idle');
    assert.equal(v.windowDays, 14);
    assert.ok(v.confidence < 95);
    assert.ok(v.reasons.includes('month-end-not-observed'));
  });

  it('on the last and first days of a long month needs the look-back to have seen a whole turn', () => {
    for (const end of ['2026-12-31T06:00:00.000Z', '2027-01-01T06:00:00.000Z', '2026-03-01T00:00:00.000Z']) {
      const judged = (days: number) =>
        verdictOf(instance({ metrics: metrics(quietCpu, { days, end }), observedAt: end }), end);
      assert.ok(judged(33).confidence >= 95, end);
      assert.equal(judged(33).windowDays, 30);
    }
    const end = '2026-12-31T06:00:00.000Z';
    const month = verdictOf(instance({ metrics: metrics(quietCpu, { days: 30, end }), observedAt: end }), end);
    assert.ok(month.reasons.includes('month-end-not-observed') && month.confidence <= 90);
  });

  it('loses certainty, not the verdict, when CMDB or posture did not answer', () => {
    const v = verdictOf(instance({ cmdb: null, posture: null }));
    assert.equal(v.verdict, 'idle');
    assert.ok(v.confidence <= 90);
    assert.ok(v.reasons.includes('cmdb-unknown') && v.reasons.includes('posture-unknown'));
  });
});

describe('thresholds, exactly', () => {
  it('a single sample of 14.99 % stays idle, one of 15 % is work', () => {
    assert.equal(withCpu(blip(100, 14.99)).verdict, 'idle');
    const v = withCpu(blip(100, 15));
    assert.equal(v.verdict, 'active');
    assert.ok(v.reasons.includes('cpu-peak-above-threshold'));
  });

  it('p95 just below 3 % stays idle, 3 % is work', () => {
    assert.equal(withCpu(() => 2.999).verdict, 'idle');
    const v = withCpu(() => 3);
    assert.equal(v.verdict, 'active');
    assert.ok(v.reasons.includes('cpu-p95-above-threshold'));
  });

  it('5,000,000 bytes a day are too much, one byte less is not', () => {
    const network = (perHour: number, extra: number) =>
      verdictOf(
        instance({
          metrics: [
            hourly('CPUUtilization', quietCpu),
            hourly('NetworkIn', (i) => perHour + (i % 24 === 0 ? extra : 0)),
            hourly('NetworkOut', () => 100_000),
          ],
        }),
      );
    // 24 × 100,000 out leaves 2,600,000 for in.
    assert.equal(network(100_000, 199_999).verdict, 'idle');
    const v = network(100_000, 200_000);
    assert.equal(v.verdict, 'active');
    assert.ok(v.reasons.includes('network-above-threshold'));
  });

  it('95 % of the samples are enough, one less is not', () => {
    const missing = (n: number) => (i: number) => {
      // Holes of one hour, spread over the fortnight and away from its end.
      const k = SLOTS - 20 - i;
      return k >= 0 && k % 18 === 0 && k / 18 < n ? null : quietCpu(i);
    };
    // 5 % of 336 is 16.8: sixteen may be missing.
    assert.equal(withCpu(missing(16)).verdict, 'idle');
    const v = withCpu(missing(17));
    assert.equal(v.verdict, 'undetermined');
    assert.deepEqual(v.reasons, ['coverage-too-low:CPUUtilization']);
    assert.equal(v.coverage.observed, 319);
  });

  it('fourteen days old is old enough, a second less is not', () => {
    const aged = (iso: string) => {
      const record = instance();
      return verdictOf({ ...record, asset: { ...record.asset, createdAt: iso } });
    };
    assert.equal(aged('2026-05-08T12:00:00.000Z').verdict, 'idle');
    assert.deepEqual(aged('2026-05-08T12:00:01.000Z').reasons, ['too-young']);
  });
});

describe('doubt', () => {
  const doubts = (record: ReturnType<typeof instance>, now = NOW) => {
    const v = verdictOf(record, now);
    assert.equal(v.verdict, 'undetermined');
    assert.equal(v.confidence, 0);
    return v.reasons;
  };

  it('no metrics at all', () => {
    assert.deepEqual(doubts(instance({ metrics: [] })), [
      'metrics-missing:CPUUtilization',
      'metrics-missing:NetworkIn',
      'metrics-missing:NetworkOut',
    ]);
  });

  it('series full of nulls are empty, not zero', () => {
    const empty = ['CPUUtilization', 'NetworkIn', 'NetworkOut'].map((m) => hourly(m, () => null));
    assert.deepEqual(doubts(instance({ metrics: empty })), [
      'metrics-empty:CPUUtilization',
      'metrics-empty:NetworkIn',
      'metrics-empty:NetworkOut',
    ]);
  });

  it('one of three series missing', () => {
    const [cpu, netIn] = metrics() as [ReturnType<typeof hourly>, ReturnType<typeof hourly>];
    assert.deepEqual(doubts(instance({ metrics: [cpu, netIn] })), ['metrics-missing:NetworkOut']);
  });

  it('the hourly average does not stand in for the hourly maximum', () => {
    const average = [hourly('CPUUtilization', quietCpu, { statistic: 'Average' }), ...metrics().slice(1)];
    assert.deepEqual(doubts(instance({ metrics: average })), ['metrics-missing:CPUUtilization']);
  });

  it('five-minute averages are what basic monitoring measures, and do', () => {
    const fine = hourly('CPUUtilization', () => 1, { statistic: 'Average', periodSeconds: 300 });
    assert.equal(verdictOf(instance({ metrics: [fine, ...metrics().slice(1)] })).verdict, 'idle');
  });

  it('a series shorter than the window', () => {
    assert.ok(
      doubts(instance({ metrics: metrics(quietCpu, { days: 10 }) })).includes('series-too-short:CPUUtilization'),
    );
  });

  for (const [name, value] of [
    ['NaN', Number.NaN],
    ['negative', -1],
    ['infinite', Number.POSITIVE_INFINITY],
  ] as const)
    it(`a ${name} sample spoils the series`, () => {
      assert.ok(doubts(instance({ metrics: metrics(blip(50, value)) })).includes('metrics-invalid:CPUUtilization'));
    });

  it('silence at the end: the agent died', () => {
    const dead = (i: number) => (i >= SLOTS - 4 ? null : quietCpu(i));
    assert.deepEqual(doubts(instance({ metrics: metrics(dead) })), ['metrics-gap-at-end:CPUUtilization']);
    const late = (i: number) => (i >= SLOTS - 3 ? null : quietCpu(i));
    assert.equal(withCpu(late).verdict, 'idle');
  });

  it('a hole long enough to hide a batch run', () => {
    const hole = (hours: number) => (i: number) => (i >= 600 && i < 600 + hours ? null : quietCpu(i));
    assert.deepEqual(doubts(instance({ metrics: metrics(hole(13)) })), ['metrics-gap:CPUUtilization']);
    assert.equal(withCpu(hole(12)).verdict, 'idle');
  });

  it('unknown and impossible creation times', () => {
    const record = instance({}, { launchTime: 'unknown' });
    const aged = (createdAt: string | null) => ({ ...record, asset: { ...record.asset, createdAt } });
    assert.deepEqual(doubts(aged(null)), ['creation-time-unknown']);
    assert.deepEqual(doubts(aged('2027-01-01T00:00:00.000Z')), ['creation-time-in-future']);
  });

  it('no answer from the cloud, and a record that is two days old', () => {
    assert.deepEqual(doubts(instance({ facts: null })), ['facts-missing']);
    assert.deepEqual(doubts(instance(), '2026-05-24T12:00:00.000Z'), ['record-stale']);
  });

  it('load before the fortnight: nobody knows whether it comes back', () => {
    const early = (i: number) => (i >= 100 && i < 120 ? 60 : quietCpu(i));
    // Sample 100 of 720 is in the last week of April, away from the turn of the month.
    assert.deepEqual(doubts(instance({ metrics: metrics(early) })), ['load-before-confidence-window']);
  });
});

describe('load that comes back', () => {
  it('a weekly job at 9 % passes the thresholds and is still work', () => {
    const weekly = (i: number, hour: number) => (Math.floor(hour / 24) % 7 === 2 && hour % 24 === 3 ? 9 : quietCpu(i));
    const v = withCpu(weekly);
    assert.equal(v.verdict, 'active');
    assert.ok(v.reasons.includes('periodic-peak:weekly'));
  });

  it('a nightly job at 9 % for an hour is still work', () => {
    const v = withCpu((i, hour) => (hour % 24 === 2 ? 9 : quietCpu(i)));
    assert.equal(v.verdict, 'active');
    assert.ok(v.reasons.includes('periodic-peak:daily'));
  });

  it('month-end load three weeks ago is work, although the fortnight is quiet', () => {
    const v = withCpu((i, hour) => {
      const day = new Date(hour * 3_600_000).getUTCDate();
      return day >= 30 || day <= 1 ? 70 : quietCpu(i);
    });
    assert.equal(v.verdict, 'active');
    assert.ok(v.reasons.includes('periodic-peak:month-end'));
  });

  it('one small isolated peak costs certainty, two without a pattern cost the verdict', () => {
    const one = withCpu(blip(100, 9));
    assert.equal(one.verdict, 'idle');
    assert.ok(one.reasons.includes('isolated-peak') && one.confidence <= 80);
    const two = withCpu((i) => (i === SLOTS - 100 || i === SLOTS - 200 ? 9 : quietCpu(i)));
    assert.equal(two.verdict, 'undetermined');
    assert.deepEqual(two.reasons, ['irregular-peaks']);
  });

  it('a peak in half a series is still a peak', () => {
    const v = withCpu((i) => (i % 2 ? null : i === SLOTS - 100 ? 80 : 1));
    assert.equal(v.verdict, 'active');
  });
});

describe('the week that nominates', () => {
  const nominee = (record: ReturnType<typeof instance>) => nominate([rule], record, NOW)[0];
  it('nominates with a week of data and little confidence', () => {
    const v = nominee(instance({ metrics: metrics(quietCpu, { days: 7 }) }));
    assert.equal(v?.verdict, 'idle');
    assert.equal(v?.windowDays, 7);
    assert.ok((v?.confidence ?? 100) <= 60);
  });
  it('does not nominate work, gaps or a young asset', () => {
    assert.equal(nominee(instance({ metrics: metrics((i) => (i === 160 ? 50 : 1), { days: 7 }) }))?.verdict, 'active');
    assert.equal(
      nominee(instance({ metrics: metrics((i) => (i < 30 ? null : 1), { days: 7 }) }))?.verdict,
      'undetermined',
    );
  });
  it('never nominates what the long window would refuse for good: the longer window only removes', () => {
    const record = instance({
      metrics: metrics((i, h) => (new Date(h * 3_600_000).getUTCDate() === 30 ? 70 : quietCpu(i))),
    });
    assert.equal(nominee(record)?.verdict, 'idle');
    assert.equal(verdictOf(record).verdict, 'active');
  });
});

describe('state', () => {
  it('rules for another state say nothing', () => {
    const stopped = instance({}, { state: 'stopped', stoppedAt: '2026-01-01T00:00:00.000Z' });
    assert.deepEqual(
      evaluateAsset(RULES, stopped, NOW).map((v) => [v.ruleId, v.verdict]),
      [['aws-ec2-instance-stopped-long', 'idle']],
    );
  });
  it('an instance in transition is not judged', () => {
    assert.equal(verdictOf(instance({}, { state: 'pending' })).verdict, 'undetermined');
  });
  it('another resource type is never judged by this rule', () => {
    assert.deepEqual(evaluateRule(ruleOf('volume-unattached'), instance(), NOW).reasons, [
      'not-applicable:resource-type',
    ]);
  });
});
