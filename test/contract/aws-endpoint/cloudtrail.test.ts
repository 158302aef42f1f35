import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { AwsClients } from '../../../providers/cloud/aws/clients.ts';
import { ACCOUNT, type AwsFixture, asset, OTHER_REGION, REGION, sandboxClients, startAws } from '../../helpers/aws.ts';

describe('AWS endpoint: CloudTrail', () => {
  let fixture: AwsFixture;
  let clients: AwsClients;
  const young = asset('young');
  const old = asset('old', { resourceType: 'AWS::EC2::Instance', createdDaysAgo: 120 });
  const nobody = asset('nobody', { resourceType: 'AWS::EC2::Instance', createdBy: null });

  before(async () => {
    fixture = await startAws([young, old, nobody]);
    clients = sandboxClients(fixture.url, fixture.estate);
  });
  after(async () => {
    clients.destroy();
    await fixture.stop();
  });

  const eventsOf = async (AttributeValue: string, region = REGION) => {
    const { cloudTrail } = clients.clientsFor({ accountId: ACCOUNT, region });
    const LookupAttributes = [{ AttributeKey: 'ResourceName' as const, AttributeValue }];
    return (await cloudTrail.send(new LookupEventsCommand({ LookupAttributes }))).Events ?? [];
  };

  it('names the creator, and the changes since, newest first', async () => {
    await fixture.aws.world({ do: 'stop', resourceId: young.resourceId });
    const events = await eventsOf(young.resourceId);
    assert.deepEqual(
      events.map((e) => [e.EventName, e.Username]),
      [
        ['StopInstances', 'jane.ops'],
        ['RunInstances', 'dev-eng'],
      ],
    );
    assert.ok((events[1]?.EventTime?.getTime() ?? 0) < Date.now() - 59 * 86_400_000);
  });

  it('forgets after 90 days, knows nothing of other regions, and invents nobody', async () => {
    assert.deepEqual(await eventsOf(old.resourceId), []);
    assert.deepEqual(await eventsOf(young.resourceId, OTHER_REGION), []);
    assert.deepEqual(await eventsOf(nobody.resourceId), []);
  });
});
