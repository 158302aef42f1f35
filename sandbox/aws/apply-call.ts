import { listParam } from './request.ts';
import { priceOf } from './size-price.ts';
import type { LogEntry } from './state-log.ts';
import { billStep, type Passing, type World } from './world.ts';
import { firstText, items } from './xml-items.ts';

type CallEntry = Extract<LogEntry, { k: 'call' }>;

const CREATED_ID =
  /\b(?:i|vol|snap|ami|eipalloc)-[0-9a-f]{8,17}\b|arn:aws:elasticloadbalancing:[^<]+:loadbalancer\/[^<]+/g;

/**
 * What a successful mutation means beyond moto: transitions, ages, silence in the metrics, steps in the bill.
 * Returns the ids the call named or created. Runs the same way when the log is replayed.
 */
export function applyCall(world: World, entry: CallEntry, answer: string): string[] {
  const params = new URLSearchParams(entry.call.body);
  const named = [
    'InstanceId',
    'InstanceSpecification.InstanceId',
    'VolumeId',
    'AllocationId',
    'ResourceId',
    'LoadBalancerArn',
    'InstanceIds',
    'DBInstanceIdentifier',
  ].flatMap((p) => listParam(params, p));
  const at = entry.bornAt ?? entry.at;
  switch (entry.operation) {
    case 'ec2:StopInstances':
      onTransition(answer, 'running', (id) => stop(world, id, at, 'stopping'));
      break;
    case 'ec2:TerminateInstances':
      onTransition(answer, null, (id) => stop(world, id, at, 'shutting-down'));
      break;
    case 'ec2:StartInstances':
      onTransition(answer, 'stopped', (id) => start(world, id, at));
      break;
    case 'ec2:ModifyInstanceAttribute':
      resize(world, named[0] ?? '', params.get('InstanceType.Value'));
      break;
    case 'ec2:DeleteVolume':
    case 'ec2:ReleaseAddress':
    case 'elasticloadbalancing:DeleteLoadBalancer':
      for (const id of named) vanish(world, id, at);
      break;
    case 'rds:StopDBInstance':
      for (const id of named) stop(world, id, at, 'stopping');
      break;
    case 'rds:StartDBInstance':
      for (const id of named) start(world, id, at);
      break;
    case 'rds:CreateDBInstance':
      for (const id of named) world.born.set(id, at);
      break;
    case 'ec2:CreateSnapshot':
    case 'ec2:CreateSnapshots':
    case 'ec2:CreateImage':
    case 'ec2:RunInstances':
    case 'ec2:CreateVolume':
    case 'ec2:AllocateAddress':
    case 'elasticloadbalancing:CreateLoadBalancer':
      return [...named, ...created(world, entry, answer)];
    default:
      break;
  }
  return named;
}

function created(world: World, entry: CallEntry, answer: string): string[] {
  const ids = [...new Set(answer.match(CREATED_ID) ?? [])];
  const until = entry.at + world.transitionMs;
  for (const id of ids) {
    if (world.born.has(id)) continue;
    world.born.set(id, entry.bornAt ?? entry.at);
    // Seeded things (those with a birth date of their own) are past their first moments.
    if (entry.bornAt !== undefined) continue;
    if (id.startsWith('i-')) world.passing.set(id, { state: 'pending', until });
    if (id.startsWith('snap-') || id.startsWith('ami-')) world.pending.set(id, { until, end: 'completed' });
  }
  for (const item of entry.operation === 'ec2:CreateSnapshots' ? items(answer, 'snapshotSet') : [answer]) {
    const snapshot = firstText(item, 'snapshotId');
    const trouble = world.snapshotTrouble.get(firstText(item, 'volumeId') ?? '');
    if (!snapshot || !trouble || !entry.operation.startsWith('ec2:CreateSnapshot')) continue;
    world.pending.set(
      snapshot,
      trouble === 'stuck' ? { until: Number.POSITIVE_INFINITY, end: 'completed' } : { until, end: 'error' },
    );
  }
  return ids;
}

function onTransition(answer: string, from: string | null, effect: (id: string) => void): void {
  for (const item of items(answer, 'instancesSet')) {
    const id = firstText(item, 'instanceId');
    const before = firstText(firstText(item, 'previousState') ?? '', 'name');
    if (id && before !== 'terminated' && (from === null || before === from)) effect(id);
  }
}

function stop(world: World, id: string, at: number, state: Passing): void {
  world.passing.set(id, { state, until: at + world.transitionMs });
  if (!world.stopped.has(id)) vanish(world, id, at);
  world.stopped.set(id, at);
}

function start(world: World, id: string, at: number): void {
  world.failedStarts.delete(id);
  world.passing.set(id, { state: 'pending', until: at + world.transitionMs });
  world.stopped.delete(id);
  world.launched.set(id, at);
  const asset = world.assets.get(id);
  const spans = asset && world.silent.get(asset.name);
  const last = spans?.at(-1);
  if (last) last.to = at;
  billStep(world, id, at, world.sizeFactor.get(id) ?? 1);
}

/** No more metrics and no more cost from now on. */
function vanish(world: World, id: string, at: number): void {
  billStep(world, id, at, 0);
  const asset = world.assets.get(id);
  if (!asset) return;
  const spans = world.silent.get(asset.name) ?? [];
  spans.push({ from: at, to: Number.POSITIVE_INFINITY });
  world.silent.set(asset.name, spans);
}

function resize(world: World, id: string, target: string | null): void {
  const before = world.assets.get(id)?.instance?.instanceType;
  if (target && before) world.sizeFactor.set(id, priceOf(target) / priceOf(before));
}
