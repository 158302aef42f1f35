import assert from 'node:assert/strict';
import { it } from 'node:test';
import { costKeys } from '../../../domain/cloud-ids/index.ts';
import { joinBills } from '../../../sandbox/kit/bill-source.ts';
import { billRig, GCE, PROJECT, SUBSCRIPTION, twoClouds, VM, variety } from './bill-rig.ts';
import { startVantage } from './vantage-rig.ts';

it('reads an Azure subscription and a Google project like any account, whatever the case of an id', async (t) => {
  const aws = billRig(variety());
  const asOf = aws.now();
  const { port } = await startVantage(t, joinBills([aws.bill, twoClouds(Date.parse(asOf))]));
  const azure = await port().accountCosts({ accountId: SUBSCRIPTION, asOf });
  assert.equal(azure.byResource.size, 1);
  const keys = costKeys({ assetKey: VM, resourceId: VM });
  const vm = keys.map((key) => azure.byResource.get(key)).find((c) => c !== undefined);
  assert.equal(vm?.EffectiveCost, '28');
  assert.equal(vm?.ServiceName, null, 'two services bill it: the total is neither’s');
  assert.equal(vm?.RegionId, 'westeurope');
  assert.equal(azure.accountTrend.length, 20);
  assert.equal(azure.accountTrend.at(-1)?.amount, '2', 'taxes come on top');
  const google = await port().accountCosts({ accountId: PROJECT, asOf });
  assert.equal(google.byResource.get(GCE)?.monthlyRunRate, '22.8125');
  assert.equal(google.accountTrend.at(-1)?.amount, '0.75', 'credits are not what it costs to run');
});
