import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import type { Fault } from '../../../sandbox/kit/faults.ts';
import { ACCOUNT, asset } from '../../helpers/aws.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import { billRig, variety } from './bill-rig.ts';
import { startVantage } from './vantage-rig.ts';

const COSTS = '/v2/costs';

describe('Vantage over HTTP', () => {
  it('reads short pages to the end, and never follows the address a page names', async (t) => {
    const rig = billRig(variety());
    const whole = await startVantage(t, rig.bill);
    const cut = await startVantage(t, rig.bill, { pageRows: 7 });
    const query = { accountId: ACCOUNT, asOf: rig.now() };
    const [one, other] = [await whole.port().accountCosts(query), await cut.port().accountCosts(query)];
    assert.deepEqual([...other.byResource], [...one.byResource]);
    assert.deepEqual(other.accountTrend, one.accountTrend);
    assert.ok(other.requests > 50);
    assert.equal(cut.sim.journal.entries().length, other.requests, 'the links name api.vantage.sh');
  });

  it('refuses rows that slipped between pages, and keeps nothing of them', async (t) => {
    const rig = billRig(variety());
    const { port, sim } = await startVantage(t, rig.bill, { pageRows: 10 });
    const query = { accountId: ACCOUNT, asOf: rig.now() };
    for (const rows of [3, -3]) {
      sim.slip(rows);
      await assert.rejects(
        port().accountCosts(query),
        (e) => isProviderError(e, 'unavailable') && /add up to .* but the stated total is/.test(e.message),
      );
    }
    sim.slip(0);
    const costs = await port().accountCosts(query);
    assert.equal(costs.byResource.get(rig.idOf('plain'))?.EffectiveCost, '33.6');
  });

  it('keeps to five requests in five seconds without being told', async (t) => {
    const rig = billRig(variety());
    // Both sides go by one clock that only waiting moves: how fast the machine is says nothing about the pace.
    let now = Date.parse(rig.now());
    const clock = () => now;
    const sleep = async (ms: number) => void (now += ms);
    const costLimit = { requests: 5, perMs: 5_000 };
    const { port, sim } = await startVantage(t, rig.bill, { pageRows: 40, costLimit, clock });
    const limits = { costRequests: 5, costWindow: 5_000, requestsPerHour: 1_000 };
    const { requests } = await port({ clock, sleep, config: { limits } }).accountCosts({
      accountId: ACCOUNT,
      asOf: rig.now(),
    });
    assert.ok(requests > 10);
    assert.deepEqual(
      sim.journal.entries().filter((e) => e.status === 429),
      [],
    );
  });

  it('waits out a limit that others use up as well, and gives up when it lasts', async (t) => {
    const rig = billRig(variety());
    const { port, sim } = await startVantage(t, rig.bill, { pageRows: 60, costLimit: { requests: 5, perMs: 300 } });
    // As if we knew nothing of the limit, which is how it looks when another process uses it up.
    const limits = { costRequests: 1_000, costWindow: 350, requestsPerHour: 1_000 };
    const { byResource } = await port({ config: { limits } }).accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    assert.equal(byResource.get(rig.idOf('plain'))?.dailyTrend.filter((v) => v !== null).length, 60);
    assert.ok(sim.journal.entries().some((e) => e.status === 429));
    sim.faults.push({ path: COSTS, kind: 'rate-limited', retryAfter: 0.05 });
    const refused = port({ cache: memoryCache(), config: { limits } });
    await assert.rejects(refused.accountCosts({ accountId: ACCOUNT, asOf: rig.now() }), {
      kind: 'retry-after',
      retryAfterMs: 50,
    });
  });

  it('does not wait longer than it may: neither for its turn nor for Retry-After', async (t) => {
    const rig = billRig(variety());
    const { port, sim } = await startVantage(t, rig.bill);
    const query = { accountId: ACCOUNT, asOf: rig.now() };
    const hour = port({ config: { limits: { costRequests: 100, requestsPerHour: 2, longestWait: 200 } } });
    await assert.rejects(hour.accountCosts(query), (e) => {
      return (
        isProviderError(e, 'retry-after') && (e.retryAfterMs ?? 0) > 3_000_000 && /cost.vantage.limits/.test(e.message)
      );
    });
    assert.equal(sim.journal.entries().length, 2);
    sim.faults.push({ path: COSTS, kind: 'rate-limited', retryAfter: 900, times: 1 });
    const started = performance.now();
    await assert.rejects(port().accountCosts(query), { kind: 'retry-after', retryAfterMs: 900_000 });
    assert.ok(performance.now() - started < 5_000);
  });

  it('gives the run-rate although the limit ends the reading of older days, and reads them next time', async (t) => {
    const rig = billRig([asset('plain')]);
    const { port, sim } = await startVantage(t, rig.bill);
    // Two kinds of commitment, the window and the totals come first.
    const limits = { costRequests: 4, costWindow: 3_600_000, requestsPerHour: 1_000, longestWait: 100 };
    const query = { accountId: ACCOUNT, asOf: rig.now() };
    const first = await port({ config: { limits } }).accountCosts(query);
    assert.equal(first.requests, 4);
    assert.equal(first.byResource.get(rig.idOf('plain'))?.monthlyRunRate, '73');
    assert.equal(first.byResource.get(rig.idOf('plain'))?.dailyTrend.filter((v) => v !== null).length, 14);
    rig.advance(1);
    const second = await port().accountCosts({ ...query, asOf: rig.now() });
    assert.ok((second.byResource.get(rig.idOf('plain'))?.dailyTrend.filter((v) => v !== null).length ?? 0) > 55);
    assert.ok(sim.costRequests() > 4);
  });

  it('uses a renewed token at once, and names the setting when there is none', async (t) => {
    const rig = billRig(variety());
    const { port, sim } = await startVantage(t, rig.bill, { token: 'new' });
    const query = { accountId: ACCOUNT, asOf: rig.now() };
    const tokens = ['old', 'new'];
    const renewed = port({ token: () => tokens.shift() ?? 'new' });
    assert.ok((await renewed.accountCosts(query)).byResource.size > 0);
    assert.equal(sim.journal.entries().filter((e) => e.status === 401).length, 1);
    sim.expireToken();
    await assert.rejects(port({ token: () => 'new', cache: memoryCache() }).accountCosts(query), (e) => {
      assert.ok(isProviderError(e, 'unauthorised'));
      assert.match(e.message, /cost\.vantage\.apiToken/);
      return true;
    });
  });

  const failures: readonly [string, Fault, string, RegExp][] = [
    ['403', { kind: 'status', status: 403, responseBody: '{"errors":["Forbidden"]}' }, 'unauthorised', /scope read/],
    ['402', { kind: 'status', status: 402, responseBody: '{"errors":["Upgrade"]}' }, 'terminal', /Upgrade/],
    ['422', { kind: 'status', status: 422, responseBody: '{"errors":["Unprocessable"]}' }, 'terminal', /Unprocessable/],
    ['a cut connection', { kind: 'reset-before-answer' }, 'unavailable', /connection/],
    ['no total', { kind: 'status', status: 200, responseBody: '{"costs":[]}' }, 'malformed', /total_cost/],
  ];
  for (const [name, fault, kind, message] of failures)
    it(`${name} is ${kind}`, async (t) => {
      const rig = billRig([asset('plain')]);
      const { port, sim } = await startVantage(t, rig.bill);
      sim.faults.push({ ...fault, path: COSTS });
      await assert.rejects(port({ config: { timeout: 400 } }).accountCosts({ accountId: ACCOUNT, asOf: rig.now() }), {
        kind,
        message,
      });
    });

  it('sends the token over https only, and never repeats it', async (t) => {
    const rig = billRig([asset('plain')]);
    const { port } = await startVantage(t, rig.bill);
    assert.throws(() => port({ config: { apiUrl: 'http://vantage.example' } }), /use https/);
    const secret = 'sk-do-not-print';
    await assert.rejects(port({ token: () => secret }).accountCosts({ accountId: ACCOUNT, asOf: rig.now() }), (e) => {
      return e instanceof Error && !`${e.stack}${JSON.stringify(e)}`.includes(secret);
    });
  });
});
