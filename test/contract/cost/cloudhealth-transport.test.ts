import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import type { Fault } from '../../../sandbox/kit/faults.ts';
import { ACCOUNT, asset } from '../../helpers/aws.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import { billRig, DAY, isoDay, variety } from './bill-rig.ts';
import { AWS_REPORT, startCloudHealth } from './cloudhealth-rig.ts';

const graphqlCalls = (entries: readonly { path: string; body: string }[], word: string) =>
  entries.filter((e) => e.path === '/graphql' && e.body.includes(word)).length;

describe('CloudHealth over HTTP', () => {
  it('does not mistake yesterday’s result for the one it has just asked for', async (t) => {
    const rig = billRig(variety());
    const { port, sim } = await startCloudHealth(t, rig.bill, { runPolls: 5 });
    const { byResource } = await port().accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    assert.ok(byResource.size > 0);
    assert.equal(sim.runs(), 1);
    assert.equal(graphqlCalls(sim.journal.entries(), 'query Report'), 1 + 5 + 1);
  });

  it('reads a young report as it is, and joins one that is running', async (t) => {
    const rig = billRig(variety());
    const { port, sim } = await startCloudHealth(t, rig.bill);
    const query = { accountId: ACCOUNT, asOf: rig.now() };
    await port().accountCosts(query);
    await port({ cache: memoryCache() }).accountCosts(query);
    assert.equal(sim.runs(), 1);
    sim.nextRun('STUCK');
    const hasty = port({ cache: memoryCache(), config: { freshFor: 0, runDeadline: 30 } });
    await assert.rejects(hasty.accountCosts(query), { kind: 'retry-after', message: /still RUNNING/ });
    await assert.rejects(hasty.accountCosts(query), { kind: 'retry-after' });
    assert.equal(sim.runs(), 2, 'the run that is going on is not started again');
  });

  it('runs a report that has never run', async (t) => {
    const rig = billRig(variety());
    const reports = [{ ...AWS_REPORT, cloud: 'aws' as const, name: 'New', hasRun: false }];
    const { port } = await startCloudHealth(t, rig.bill, { reports });
    assert.match(await port().check(), /New for aws \(never run\)/);
    assert.ok((await port().accountCosts({ accountId: ACCOUNT, asOf: rig.now() })).byResource.size > 0);
  });

  it('says that a report failed, and keeps nothing', async (t) => {
    const rig = billRig(variety());
    const { port, sim } = await startCloudHealth(t, rig.bill);
    sim.nextRun('FAILED');
    const query = { accountId: ACCOUNT, asOf: rig.now() };
    await assert.rejects(port().accountCosts(query), { kind: 'unavailable', message: /failed; open it/ });
    sim.nextRun('COMPLETED');
    assert.ok((await port().accountCosts(query)).byResource.size > 0);
  });

  it('reads all files of a report, whatever their number', async (t) => {
    const rig = billRig(variety());
    const query = { accountId: ACCOUNT, asOf: rig.now() };
    const one = await startCloudHealth(t, rig.bill);
    const many = await startCloudHealth(t, rig.bill, { fileRows: 37 });
    const [whole, cut] = [await one.port().accountCosts(query), await many.port().accountCosts(query)];
    assert.deepEqual([...cut.byResource], [...whole.byResource]);
    assert.deepEqual(cut.accountTrend, whole.accountTrend);
    const files = many.sim.journal.entries().filter((e) => e.path.startsWith('/flexreports/'));
    assert.ok(files.length > 10);
    assert.ok(files.every((e) => e.status === 200));
  });

  it('renews a token that has ended, once, and asks for new addresses when they have', async (t) => {
    const rig = billRig(variety());
    const { port, sim } = await startCloudHealth(t, rig.bill);
    const query = { accountId: ACCOUNT, asOf: rig.now() };
    const one = port({ config: { freshFor: 0 } });
    await one.check();
    sim.expireTokens();
    await one.accountCosts(query);
    assert.equal(graphqlCalls(sim.journal.entries(), 'loginAPI'), 2);
    const other = port({ cache: memoryCache() });
    sim.faults.push({ path: '/flexreports/', kind: 'status', status: 403, times: 1 });
    assert.ok((await other.accountCosts(query)).byResource.size > 0);
    sim.faults.push({ path: '/flexreports/', kind: 'status', status: 403 });
    await assert.rejects(port({ cache: memoryCache() }).accountCosts(query), {
      kind: 'unavailable',
      message: /with new addresses as well/,
    });
  });

  it('acts for a customer of a partner where one is configured', async (t) => {
    const rig = billRig(variety());
    const { port, sim } = await startCloudHealth(t, rig.bill);
    const customer = { crn: 'crn:1:msp_client/7', clientApiId: '7' };
    await port({ config: { customer, orgId: '42' } }).accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    assert.equal(graphqlCalls(sim.journal.entries(), 'msp_client/7'), 1);
    const history = sim.journal.entries().find((e) => e.path === '/olap_reports/cost/history');
    assert.match(history?.query ?? '', /org_id=42&client_api_id=7/);
  });

  it('names key, report or column that is wrong', async (t) => {
    const rig = billRig(variety());
    const reports = [{ ...AWS_REPORT, cloud: 'aws' as const, name: 'R', without: ['ResourceId'] }];
    const { port } = await startCloudHealth(t, rig.bill, { reports });
    await assert.rejects(port({ key: () => 'wrong' }).check(), (e) => {
      assert.ok(isProviderError(e, 'unauthorised'));
      assert.match(e.message, /Invalid API key/);
      return true;
    });
    const unknown = port({ config: { reports: [{ cloud: 'aws', id: 'crn:1:flexreports/gone' }] } });
    await assert.rejects(unknown.check(), { kind: 'not-found', message: /cost\.cloudhealth\.reports/ });
    const query = { accountId: ACCOUNT, asOf: rig.now() };
    await assert.rejects(port().accountCosts(query), {
      kind: 'terminal',
      message: /no column ResourceId .*cost\.cloudhealth\.columns\.resource/,
    });
  });

  it('rejects rows that cannot be read with their line, and reads on', async (t) => {
    const rig = billRig([asset('plain')]);
    const { port, sim } = await startCloudHealth(t, rig.bill);
    const day = isoDay(Date.parse(rig.now()) - DAY);
    const header =
      'Region,Day,AccountId,ResourceId,Service,ChargeType,CommitmentId,CommitmentEnd,EffectiveCost,BilledCost,Currency,More';
    const responseBody = [
      header,
      `r,${day} 00:00:00,${ACCOUNT},i-fine,S,Usage,NULL,,2.5,2.5,USD,x`,
      `r,13/1/25,${ACCOUNT},i-date,S,Usage,,,2.5,2.5,USD,x`,
      `r,${day},,i-nobody,S,Usage,,,2.5,2.5,USD,x`,
      `r,${day},${ACCOUNT},i-short,S,Usage`,
      `r,${day},${ACCOUNT},i-sign,S,Usage,,,$2.50,2.5,USD,x`,
      `r,${day},${ACCOUNT},,S,Tax,,,99,99,USD,x`,
      `r,${day},${ACCOUNT},,S,Usage,,,a lot,1,USD,x`,
    ].join('\n');
    sim.faults.push({ path: '/flexreports/', kind: 'status', status: 200, responseBody });
    const config = { costHistory: null };
    const { byResource, rejected, accountTrend } = await port({ config }).accountCosts({
      accountId: ACCOUNT,
      asOf: rig.now(),
    });
    assert.deepEqual([...byResource.keys()], ['i-fine']);
    const told = rejected.map((r) => `${r.resourceId} ${r.reason}`).join('\n');
    assert.match(told, /line 3: column Day has "13\/1\/25"/);
    assert.match(told, /line 4: column AccountId is empty/);
    assert.match(told, /line 5: row has 6 values for 12 columns/);
    assert.match(told, /i-sign amount "\$2\.50" is not a number/);
    assert.match(told, /\(no resource\) amount "a lot" is not a number/);
    assert.deepEqual(accountTrend, [], 'a day with a line that cannot be read has no total');
  });

  it('keeps to the limits of both APIs, waits out a refusal and gives up when it lasts', async (t) => {
    const rig = billRig(variety());
    const { port, sim } = await startCloudHealth(t, rig.bill, { runPolls: 1 });
    const query = { accountId: ACCOUNT, asOf: rig.now() };
    const limits = { graphqlPerMinute: 3, restPerMinute: 1, longestWait: 50, backoff: 20 };
    await assert.rejects(port({ config: { limits } }).accountCosts(query), (e) => {
      return isProviderError(e, 'retry-after') && /cost\.cloudhealth\.limits/.test(e.message);
    });
    assert.equal(sim.journal.entries().filter((e) => e.path === '/graphql').length, 3);
    sim.faults.push({ path: '/graphql', kind: 'rate-limited', times: 2 });
    assert.ok((await port().accountCosts(query)).byResource.size > 0);
    sim.faults.push({ path: '/graphql', kind: 'rate-limited' });
    await assert.rejects(port({ cache: memoryCache() }).accountCosts(query), { kind: 'retry-after', retryAfterMs: 20 });
  });

  it('does without the comparison when it may not see the cost history', async (t) => {
    const rig = billRig(variety());
    const { port, sim } = await startCloudHealth(t, rig.bill);
    sim.faults.push({ path: '/olap_reports/', kind: 'status', status: 403, responseBody: '{"error":"no"}' });
    const { byResource, rejected } = await port().accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    assert.ok(byResource.size > 0);
    assert.deepEqual(rejected, []);
  });

  const failures: readonly [string, string, Fault, string, RegExp][] = [
    ['500', '/graphql', { kind: 'status', status: 500 }, 'unavailable', /500/],
    [
      '403',
      '/graphql',
      { kind: 'status', status: 403, responseBody: '{"error":"no"}' },
      'unauthorised',
      /let the key's user/,
    ],
    ['401 for good', '/graphql', { kind: 'status', status: 401 }, 'unauthorised', /apiKey/],
    [
      'an error in a good answer',
      '/graphql',
      { kind: 'status', status: 200, responseBody: '{"errors":[{"message":"Internal server error"}]}' },
      'unavailable',
      /Internal/,
    ],
    [
      'a missing permission in a good answer',
      '/graphql',
      { kind: 'status', status: 200, responseBody: '{"errors":[{"message":"You do not have permission"}]}' },
      'unauthorised',
      /let the key's user/,
    ],
    [
      'another shape',
      '/graphql',
      { kind: 'status', status: 200, responseBody: '{"data":{"node":7}}' },
      'malformed',
      /loginAPI/,
    ],
    ['a cut connection', '/graphql', { kind: 'reset-before-answer' }, 'unavailable', /connection/],
    ['silence', '/graphql', { kind: 'hang', ms: 2_000 }, 'unavailable', /no answer within 300 ms/],
    ['a page of HTML', '/graphql', { kind: 'html-error', status: 200 }, 'malformed', /not JSON/],
    ['a file that is cut off', '/flexreports/', { kind: 'reset-after-effect' }, 'unavailable', /connection/],
    [
      'a file with an open quote',
      '/flexreports/',
      { kind: 'status', status: 200, responseBody: 'Day,AccountId\n"2025-01-01,1\n' },
      'terminal',
      /no column/,
    ],
    ['a file that is not there', '/flexreports/', { kind: 'status', status: 404 }, 'unavailable', /404/],
  ];
  for (const [name, path, fault, kind, message] of failures)
    it(`${name} is ${kind}`, async (t) => {
      const rig = billRig([asset('plain')]);
      const { port, sim } = await startCloudHealth(t, rig.bill);
      sim.faults.push({ ...fault, path });
      const query = { accountId: ACCOUNT, asOf: rig.now() };
      await assert.rejects(port({ config: { timeout: 300 } }).accountCosts(query), { kind, message });
    });

  it('sends the key over https only, and never repeats it', async (t) => {
    const { bill, now } = billRig([asset('plain')]);
    const { port } = await startCloudHealth(t, bill);
    assert.throws(() => port({ config: { graphqlUrl: 'http://cloudhealth.example/graphql' } }), /use https/);
    const secret = 'sk-do-not-print';
    await assert.rejects(port({ key: () => secret }).accountCosts({ accountId: ACCOUNT, asOf: now() }), (e) => {
      return e instanceof Error && !`${e.stack}${JSON.stringify(e)}`.includes(secret);
    });
  });
});
