import { z } from 'zod';
import { kindOf } from '../estate/kinds.ts';
import type { SeededAsset } from '../estate/types.ts';
import { AwsError } from './errors.ts';
import type { AwsCall } from './request.ts';
import type { Mutation } from './types.ts';
import { PERSON } from './world-change.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;
/** Event history reaches back this far and no further. */
const HISTORY_DAYS = 90;
const Input = z.object({
  LookupAttributes: z.array(z.object({ AttributeKey: z.string(), AttributeValue: z.string() })).default([]),
  StartTime: z.number().optional(),
  EndTime: z.number().optional(),
  NextToken: z.string().optional(),
  MaxResults: z.number().int().min(1).max(50).default(50),
});

interface TrailEvent {
  readonly at: number;
  readonly name: string;
  readonly source: string;
  readonly username: string;
  readonly resources: readonly string[];
  readonly sourceIdentity: string | null;
  /** ARN of who called. */
  readonly arn: string;
  readonly errorCode: string | null;
}

/** LookupEvents by ResourceName (or EventName): how the asset came about and what was done to it since, newest first. */
export function answerCloudTrail(world: World, call: AwsCall, scope: { accountId: string; region: string }): Response {
  if (call.operation !== 'LookupEvents') {
    throw new AwsError('UnsupportedOperationException', `The sandbox does not offer cloudtrail:${call.operation}`);
  }
  const parsed = Input.safeParse(JSON.parse(new TextDecoder().decode(call.body)));
  if (!parsed.success)
    throw new AwsError('InvalidLookupAttributesException', parsed.error.issues[0]?.message ?? 'invalid');
  const { LookupAttributes, StartTime = 0, EndTime = Number.POSITIVE_INFINITY, MaxResults, NextToken } = parsed.data;
  const oldest = Math.max(world.now() - HISTORY_DAYS * DAY_MS, StartTime * 1000);
  const events = [...creations(world, scope), ...changes(world.mutations, scope)]
    .filter((e) => e.at >= oldest && e.at <= EndTime * 1000)
    .filter((e) => LookupAttributes.every((a) => matches(e, a)))
    .sort((a, b) => b.at - a.at);
  const from = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(from)) throw new AwsError('InvalidNextTokenException', 'The token is not valid');
  const page = events.slice(from, from + MaxResults);
  const next = from + page.length;
  const answer = { Events: page.map(render), ...(next < events.length ? { NextToken: String(next) } : {}) };
  return new Response(JSON.stringify(answer), {
    headers: { 'content-type': 'application/x-amz-json-1.1' },
  });
}

function* creations(world: World, scope: { accountId: string; region: string }): Generator<TrailEvent> {
  for (const asset of world.estate.assets) {
    if (asset.createdBy === null || asset.accountId !== scope.accountId || asset.region !== scope.region) continue;
    yield {
      at: world.estate.seededAt * 1000 - asset.createdDaysAgo * DAY_MS,
      name: creationEvent(asset),
      source: asset.resourceType.includes('LoadBalancing') ? 'elasticloadbalancing.amazonaws.com' : 'ec2.amazonaws.com',
      username: asset.createdBy,
      resources: [asset.resourceId, asset.assetKey],
      sourceIdentity: null,
      arn: `arn:aws:iam::${scope.accountId}:user/${asset.createdBy}`,
      errorCode: null,
    };
  }
}

function* changes(mutations: readonly Mutation[], scope: { accountId: string; region: string }): Generator<TrailEvent> {
  for (const m of mutations) {
    if (m.dryRun || m.accountId !== scope.accountId || m.region !== scope.region) continue;
    const [service = '', name = ''] = m.operation.split(':');
    yield {
      at: Date.parse(m.at),
      name,
      source: `${service}.amazonaws.com`,
      username: m.sessionName,
      resources: m.resourceIds,
      sourceIdentity: m.sourceIdentity,
      arn:
        m.roleName === PERSON.roleName
          ? `arn:aws:iam::${m.accountId}:user/${m.sessionName}`
          : `arn:aws:sts::${m.accountId}:assumed-role/${m.roleName}/${m.sessionName}`,
      errorCode: m.errorCode,
    };
  }
}

function matches(event: TrailEvent, attribute: { AttributeKey: string; AttributeValue: string }): boolean {
  switch (attribute.AttributeKey) {
    case 'ResourceName':
      return event.resources.includes(attribute.AttributeValue);
    case 'EventName':
      return event.name === attribute.AttributeValue;
    case 'Username':
      return event.username === attribute.AttributeValue;
    default:
      throw new AwsError('InvalidLookupAttributesException', `Unknown lookup attribute ${attribute.AttributeKey}`);
  }
}

function render(event: TrailEvent, index: number): object {
  return {
    EventId: `sandbox-${event.at}-${index}`,
    EventName: event.name,
    ReadOnly: 'false',
    EventTime: event.at / 1000,
    EventSource: event.source,
    Username: event.username,
    Resources: event.resources.map((ResourceName) => ({ ResourceName })),
    CloudTrailEvent: JSON.stringify({
      eventVersion: '1.08',
      eventName: event.name,
      eventSource: event.source,
      userIdentity: {
        type: event.arn.includes(':user/') ? 'IAMUser' : 'AssumedRole',
        arn: event.arn,
        ...(event.arn.includes(':user/') ? { userName: event.username } : {}),
        sessionContext: { sourceIdentity: event.sourceIdentity },
      },
      ...(event.errorCode === null ? {} : { errorCode: event.errorCode }),
    }),
  };
}

function creationEvent(asset: SeededAsset): string {
  switch (kindOf(asset.resourceType)) {
    case 'instance':
      return 'RunInstances';
    case 'volume':
      return 'CreateVolume';
    case 'address':
      return 'AllocateAddress';
    case 'load-balancer':
      return 'CreateLoadBalancer';
    case 'database':
      return 'CreateDBInstance';
    case 'resource':
      throw new Error(`${asset.name}: the AWS endpoint has no ${asset.resourceType}`);
  }
}
