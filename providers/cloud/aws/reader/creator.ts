import { type CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { z } from 'zod';
import type { AssetHistory } from '../../../../ports/cloud.ts';
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
/** EC2's, Elastic Load Balancing's, RDS's and the Resource Groups Tagging API's. Whoever creates a thing may tag it in the same call. */
const TAGGING: ReadonlySet<string> = new Set([
  'CreateTags',
  'DeleteTags',
  'AddTags',
  'RemoveTags',
  'AddTagsToResource',
  'RemoveTagsFromResource',
  'TagResources',
  'UntagResources',
]);

const Event = z.object({
  EventName: z.string().nullish(),
  Username: z.string().nullish(),
  CloudTrailEvent: z.string().nullish(),
});
type Event = z.infer<typeof Event>;
const Body = z.object({
  errorCode: z.string().nullish(),
  userIdentity: z.object({ arn: z.string().nullish(), userName: z.string().nullish() }),
});

/** Rows of LookupEvents. */
export function readEvents(nodes: readonly unknown[]): Readings<Event> {
  return readAws(Event, nodes, { operation: OPERATION, id: 'EventId' });
}

/** LookupEvents answers two requests a second per region, so a long trail is not read to its end. */
const PAGES = 5;
const OPERATION = 'cloudtrail:LookupEvents';

/** What the trail of the last 90 days says. Throws ProviderError. */
export async function lookUpHistory(cloudTrail: CloudTrailClient, asset: AssetRef): Promise<AssetHistory> {
  // RDS names a database by its identifier when it is created, and by its ARN when it is tagged.
  const names = asset.resourceType === 'AWS::RDS::DBInstance' ? [asset.resourceId, asset.assetKey] : [asset.resourceId];
  const read = await Promise.all(names.map((name) => eventsOf(cloudTrail, name)));
  const events = read.flatMap((r) => r.events);
  const created = events.find((event) => event.EventName === CREATED_BY[asset.resourceType]);
  const tagged = events.filter((event) => event === created || TAGGING.has(event.EventName ?? ''));
  const setters = tagged.filter(happened).map(principalOf);
  const whole = read.every((r) => r.whole) && !setters.includes(null);
  return {
    creator: created ? (principalOf(created)?.split('/').at(-1) ?? null) : null,
    tagSetters: whole ? [...new Set(setters.filter((s) => s !== null))] : null,
  };
}

/** Newest first. A row that cannot be read may be the one that matters. */
async function eventsOf(
  cloudTrail: CloudTrailClient,
  name: string,
): Promise<{ events: readonly Event[]; whole: boolean }> {
  const events: Event[] = [];
  let readable = true;
  let token: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const answer = await cloudTrail
      .send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: name }],
          MaxResults: 50,
          NextToken: token,
        }),
      )
      .catch((error: unknown) => {
        throw mapAwsError(error, OPERATION);
      });
    const { rows, rejected } = readEvents(answer.Events ?? []);
    events.push(...rows);
    readable &&= rejected.length === 0;
    token = answer.NextToken;
    if (!token) return { events, whole: readable };
  }
  return { events, whole: false };
}

/** Refused calls are in the trail as well. */
function happened(event: Event): boolean {
  const body = Body.safeParse(safeJson(event.CloudTrailEvent));
  return !body.success || !body.data.errorCode;
}

function principalOf(event: Event): string | null {
  const body = Body.safeParse(safeJson(event.CloudTrailEvent));
  const identity = body.success ? body.data.userIdentity : null;
  return identity?.arn || identity?.userName || event.Username || null;
}

function safeJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
