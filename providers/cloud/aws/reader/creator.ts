import { type CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { z } from 'zod';
import type { Readings } from '../../../../ports/rows.ts';
import type { AssetRef, ResourceType } from '../../../../schemas/asset.ts';
import { mapAwsError } from '../errors.ts';
import { readAws } from './parse.ts';

const CREATED_BY: Partial<Record<ResourceType, string>> = {
  'AWS::EC2::Instance': 'RunInstances',
  'AWS::EC2::Volume': 'CreateVolume',
  'AWS::EC2::EIP': 'AllocateAddress',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'CreateLoadBalancer',
  'AWS::RDS::DBInstance': 'CreateDBInstance',
};

const Event = z.object({
  EventName: z.string().nullish(),
  Username: z.string().nullish(),
  CloudTrailEvent: z.string().nullish(),
});
const Identity = z.object({ userIdentity: z.object({ arn: z.string().nullish(), userName: z.string().nullish() }) });

/** Rows of LookupEvents. One that cannot be read is one that does not say who created the asset. */
export function readEvents(nodes: readonly unknown[]): Readings<z.infer<typeof Event>> {
  return readAws(Event, nodes, { operation: OPERATION, id: 'EventId' });
}

/** LookupEvents answers two requests a second per region, so a long trail is not read to its end. */
const PAGES = 5;
const OPERATION = 'cloudtrail:LookupEvents';

/** Last part of the ARN of whoever created the asset; null when the trail (90 days) no longer says. Throws ProviderError. */
export async function lookUpCreator(cloudTrail: CloudTrailClient, asset: AssetRef): Promise<string | null> {
  let token: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const answer = await cloudTrail
      .send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: asset.resourceId }],
          MaxResults: 50,
          NextToken: token,
        }),
      )
      .catch((error: unknown) => {
        throw mapAwsError(error, OPERATION);
      });
    const events = readEvents(answer.Events ?? []).rows;
    const created = events.find((event) => event.EventName === CREATED_BY[asset.resourceType]);
    if (created) return principalOf(created);
    token = answer.NextToken;
    if (!token) return null;
  }
  return null;
}

function principalOf(event: z.infer<typeof Event>): string | null {
  const body = Identity.safeParse(safeJson(event.CloudTrailEvent));
  const arn = body.success ? body.data.userIdentity.arn : null;
  return arn?.split('/').at(-1) || (body.success ? body.data.userIdentity.userName : null) || event.Username || null;
}

function safeJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
