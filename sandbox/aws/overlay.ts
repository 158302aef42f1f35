import { passingState, type World } from './world.ts';
import { firstText, mapItems, setText } from './xml-items.ts';

const HARDWARE =
  '<architecture>x86_64</architecture><virtualizationType>hvm</virtualizationType><enaSupport>true</enaSupport>';
const STATE_CODE = { pending: 0, 'shutting-down': 32, stopping: 64 } as const;

/** moto's answer with the endpoint's knowledge laid over it: ages, transitions that take time, failing checks. */
export function overlay(world: World, operation: string, xml: string): string {
  switch (operation) {
    case 'ec2:DescribeInstances':
    case 'ec2:RunInstances':
      return mapItems(xml, 'instancesSet', (item) => instance(world, item));
    case 'ec2:DescribeInstanceStatus':
      return mapItems(xml, 'instanceStatusSet', (item) => status(world, item));
    case 'ec2:DescribeVolumes':
      return mapItems(xml, 'volumeSet', (item) => volume(world, item));
    case 'ec2:DescribeSnapshots':
    case 'ec2:CreateSnapshots':
      return mapItems(xml, 'snapshotSet', (item) => snapshot(world, item));
    case 'ec2:CreateSnapshot':
      return snapshot(world, xml);
    case 'ec2:DescribeImages':
      return mapItems(xml, 'imagesSet', (item) => image(world, item));
    case 'elasticloadbalancing:DescribeLoadBalancers':
      return mapItems(
        xml,
        'LoadBalancers',
        (item) => dated(world, item, firstText(item, 'LoadBalancerArn'), 'CreatedTime'),
        'member',
      );
    case 'rds:DescribeDBInstances':
      return mapItems(xml, 'DBInstances', (item) => database(world, item), 'DBInstance');
    default:
      return xml;
  }
}

function instance(world: World, item: string): string {
  const id = firstText(item, 'instanceId');
  if (id === null) return item;
  const state = passingState(world, id);
  const stopped = world.stopped.get(id);
  const launched = world.launched.get(id) ?? world.born.get(id);
  let out = item;
  // moto knows no architecture for instances of a registered image.
  if (!out.includes('<architecture>')) out = out.replace('<instanceId>', `${HARDWARE}<instanceId>`);
  if (state) {
    out = out.replace(
      /<instanceState><code>\d+<\/code><name>[a-z-]+<\/name><\/instanceState>/,
      `<instanceState><code>${STATE_CODE[state]}</code><name>${state}</name></instanceState>`,
    );
  }
  const failed = world.failedStarts.get(id);
  if (failed && state === null)
    out = out.replace(
      /<stateReason>.*?<\/stateReason>/s,
      `<stateReason><code>${failed.code}</code><message>${failed.message}</message></stateReason>`,
    );
  if (launched !== undefined) out = setText(out, 'launchTime', iso(launched));
  if (stopped !== undefined)
    out = setText(out, 'reason', `User initiated (${iso(stopped).slice(0, 19).replace('T', ' ')} GMT)`);
  return out;
}

function status(world: World, item: string): string {
  const id = firstText(item, 'instanceId') ?? '';
  const health = world.impaired.has(id) ? 'impaired' : passingState(world, id) === 'pending' ? 'initializing' : null;
  if (health === null) return item;
  const detail = health === 'impaired' ? 'failed' : health;
  return item.replace(
    /<(instanceStatus|systemStatus)>(.*?)<\/\1>/gs,
    (_all, tag: string, inner: string) =>
      `<${tag}>${inner.replaceAll('<status>ok</status>', `<status>${health}</status>`).replaceAll('<status>passed</status>', `<status>${detail}</status>`)}</${tag}>`,
  );
}

function volume(world: World, item: string): string {
  const id = firstText(item, 'volumeId') ?? '';
  const key = firstText(item, 'kmsKeyId');
  if (key) world.volumeKeys.set(id, key);
  return dated(world, item, id, 'createTime');
}

function snapshot(world: World, fragment: string): string {
  const id = firstText(fragment, 'snapshotId') ?? '';
  const dates = withKey(world, dated(world, fragment, id, 'startTime'));
  const entry = world.pending.get(id);
  if (!entry) return dates;
  const over = Date.now() >= entry.until;
  if (over && entry.end === 'completed') return dates;
  const word = over ? 'error' : 'pending';
  const progress = setText(dates, 'progress', over ? '60%' : '30%');
  // CreateSnapshots says `state` where the other two say `status`; moto leaves it out.
  if (progress.includes('<status>')) return setText(progress, 'status', word);
  return progress.replace('<snapshotId>', `<state>${word}</state><snapshotId>`);
}

/** A snapshot is encrypted with the key of its volume; moto does not say which that is. */
function withKey(world: World, fragment: string): string {
  const key = world.volumeKeys.get(firstText(fragment, 'volumeId') ?? '');
  if (!key || firstText(fragment, 'encrypted') !== 'true' || fragment.includes('<kmsKeyId>')) return fragment;
  return fragment.replace('<snapshotId>', `<kmsKeyId>${key}</kmsKeyId><snapshotId>`);
}

function image(world: World, item: string): string {
  const id = firstText(item, 'imageId') ?? '';
  // moto gives an image made from an instance a root device type that does not exist.
  const dates = setText(dated(world, item, id, 'creationDate'), 'rootDeviceType', 'ebs');
  const entry = world.pending.get(id);
  return entry && Date.now() < entry.until ? setText(dates, 'imageState', 'pending') : dates;
}

/** moto finishes every transition at once. */
function database(world: World, item: string): string {
  const id = firstText(item, 'DBInstanceIdentifier') ?? '';
  const state = passingState(world, id);
  const words = { pending: 'starting', stopping: 'stopping', 'shutting-down': 'deleting' } as const;
  const now = state === null ? item : setText(item, 'DBInstanceStatus', words[state]);
  return dated(world, now, id, 'InstanceCreateTime');
}

function dated(world: World, fragment: string, id: string | null, tag: string): string {
  const born = id === null ? undefined : world.born.get(id);
  return born === undefined ? fragment : setText(fragment, tag, iso(born));
}

const iso = (epochMs: number): string => new Date(epochMs).toISOString();
