import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reportToken } from '../../../sandbox/vantage/index.ts';
import { ACCOUNT, asset, OTHER_ACCOUNT } from '../../helpers/aws.ts';
import { billRig, DAY, variety } from './bill-rig.ts';
import { startVantage } from './vantage-rig.ts';

const assets = () => [
  ...variety(),
  asset('dear'),
  asset('elsewhere', { resourceType: 'AWS::EC2::Instance', accountId: OTHER_ACCOUNT }),
];
const since = (now: string, days: number) => new Date(Date.parse(now) - days * DAY).toISOString();

describe('Vantage anomalies', () => {
  it('gives what Vantage did not expect in this account, with the resource as the bill spells it', async (t) => {
    const rig = billRig(assets());
    rig.misstate('dear', 'tenfold');
    rig.misstate('elsewhere', 'tenfold');
    const { port } = await startVantage(t, rig.bill);
    const found = await port().anomalies?.({ accountId: ACCOUNT, since: since(rig.now(), 7) });
    assert.equal(found?.length, 1);
    const [anomaly] = found ?? [];
    assert.deepEqual(anomaly?.resourceKeys, [rig.idOf('dear')]);
    assert.equal(anomaly?.service, 'Amazon Elastic Compute Cloud - Compute');
    assert.equal(anomaly?.accountId, ACCOUNT);
    assert.equal(anomaly?.currency, 'USD');
    assert.equal(anomaly?.status, 'active');
    assert.ok(Number(anomaly?.amount) > 2 * Number(anomaly?.expected));
    assert.ok(Date.parse(anomaly?.detectedAt ?? '') > Date.parse(rig.now()) - 2 * DAY);
    assert.deepEqual(await port().anomalies?.({ accountId: ACCOUNT, since: rig.now() }), []);
  });

  it('asks for the account’s own report where one is configured, page by page', async (t) => {
    const rig = billRig(assets());
    rig.misstate('dear', 'tenfold');
    rig.misstate('disk', 'tenfold');
    rig.misstate('elsewhere', 'tenfold');
    const { port, sim } = await startVantage(t, rig.bill, { pageRows: 1 });
    const config = { anomalyReports: { [ACCOUNT]: reportToken(ACCOUNT) } };
    const found = await port({ config }).anomalies?.({ accountId: ACCOUNT, since: since(rig.now(), 7) });
    assert.deepEqual(new Set(found?.flatMap((a) => a.resourceKeys)), new Set([rig.idOf('dear'), rig.idOf('disk')]));
    const lists = sim.journal.entries().filter((e) => e.path === '/v2/anomaly_alerts');
    assert.equal(lists.length, 2);
    assert.ok(lists.every((e) => e.query.includes(reportToken(ACCOUNT))));
  });

  it('leaves out what it cannot read, and what no resource ties to the account', async (t) => {
    const rig = billRig(assets());
    const { port, sim } = await startVantage(t, rig.bill);
    const at = rig.now();
    const alert = { created_at: at, service: 'S', status: 'active', seven_day_average: '1', resource_tokens: [] };
    const anomaly_alerts = [
      { ...alert, token: 'a', amount: 'much' },
      { ...alert, token: 'b' },
      { ...alert, token: 'c', amount: '9' },
      { ...alert, token: 'd', amount: '9', resource_tokens: ['prvdr_rsrc_gone'] },
    ];
    sim.faults.push({
      path: '/v2/anomaly_alerts',
      kind: 'status',
      status: 200,
      responseBody: JSON.stringify({ anomaly_alerts }),
    });
    const query = { accountId: ACCOUNT, since: since(at, 1) };
    assert.deepEqual(await port().anomalies?.(query), []);
    const config = { anomalyReports: { [ACCOUNT]: 'rprt_1' } };
    const found = await port({ config }).anomalies?.(query);
    assert.deepEqual(
      found?.map((a) => a.id),
      ['c', 'd'],
    );
  });
});

describe('Vantage check', () => {
  it('is one read that costs nothing', async (t) => {
    const { port, sim } = await startVantage(t, billRig(variety()).bill);
    assert.match(await port().check(), /workspace Sandbox/);
    assert.deepEqual(
      sim.journal.entries().map((e) => e.path),
      ['/v2/me'],
    );
  });

  it('names the scope, the workspace or the currency that is wrong', async (t) => {
    const { bill } = billRig(variety());
    const blind = await startVantage(t, bill, { scope: [] });
    await assert.rejects(blind.port().check(), { kind: 'unauthorised', message: /give it read/ });
    const workspaces = [
      { token: 'wrkspc_a', name: 'One' },
      { token: 'wrkspc_b', name: 'Two', currency: 'EUR', converts: true },
    ];
    const several = await startVantage(t, bill, { workspaces });
    await assert.rejects(several.port().check(), { kind: 'terminal', message: /workspaceToken is not set .*wrkspc_b/ });
    const chosen = (workspaceToken: string) => several.port({ config: { workspaceToken } });
    await assert.rejects(chosen('wrkspc_c').check(), { kind: 'terminal', message: /name one of them/ });
    await assert.rejects(chosen('wrkspc_b').check(), { kind: 'terminal', message: /converts to EUR/ });
    assert.match(await chosen('wrkspc_a').check(), /One/);
    const now = new Date().toISOString();
    await assert.rejects(several.port().accountCosts({ accountId: ACCOUNT, asOf: now }), /workspace_token is missing/);
    assert.ok((await chosen('wrkspc_a').accountCosts({ accountId: ACCOUNT, asOf: now })).byResource.size > 0);
    await assert.rejects(several.port({ token: () => 'wrong' }).check(), { kind: 'unauthorised' });
  });
});
