import assert from 'node:assert/strict';
import { it } from 'node:test';
import { costKeys } from '../../../domain/cloud-ids/index.ts';
import { joinBills } from '../../../sandbox/kit/bill-source.ts';
import { ACCOUNT } from '../../helpers/aws.ts';
import { billRig, GCE, PROJECT, SUBSCRIPTION, twoClouds, VM, variety } from './bill-rig.ts';
import { AWS_REPORT, startCloudHealth } from './cloudhealth-rig.ts';

it('reads the report of the cloud an account is in, whatever the case of an id', async (t) => {
  const aws = billRig(variety());
  const asOf = aws.now();
  const { port, sim } = await startCloudHealth(t, joinBills([aws.bill, twoClouds(Date.parse(asOf))]));
  const reports = [
    AWS_REPORT,
    { cloud: 'azure', id: 'crn:1:flexreports/azure' },
    { cloud: 'gcp', id: 'crn:1:flexreports/gcp' },
  ];
  const one = port({ config: { reports } });
  const azure = await one.accountCosts({ accountId: SUBSCRIPTION, asOf });
  assert.equal(azure.byResource.size, 1);
  const keys = costKeys({ assetKey: VM, resourceId: VM });
  const vm = keys.map((key) => azure.byResource.get(key)).find((c) => c !== undefined);
  assert.equal(vm?.EffectiveCost, '28');
  assert.equal(vm?.ServiceName, null, 'two services bill it: the total is neither’s');
  assert.equal(azure.accountTrend.at(-1)?.amount, '2', 'taxes come on top');
  const google = await one.accountCosts({ accountId: PROJECT, asOf });
  assert.equal(google.byResource.get(GCE)?.monthlyRunRate, '22.8125');
  assert.equal(google.accountTrend.at(-1)?.amount, '0.75', 'credits are not what it costs to run');
  assert.ok((await one.accountCosts({ accountId: ACCOUNT, asOf })).byResource.size > 0);
  assert.equal(sim.runs(), 3);
  assert.match(await one.check(), /aws for aws.*azure for azure.*gcp for gcp/);
});
