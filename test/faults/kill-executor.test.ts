import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ActionName } from '../../schemas/option.ts';
import { assertInvariants, effectRecords, trailOf } from '../helpers/invariants.ts';
import { eventually, startTestStack, type TestStack } from '../helpers/stack.ts';

const ACT = 'DryRun=false';
const REHEARSAL = 'DryRun=true';

interface Case {
  readonly name: string;
  readonly action: ActionName;
  /** Where the executor is when it dies. */
  readonly at: string;
  /** The request it is waiting for, and whether AWS carries it out. */
  readonly request: readonly string[];
  readonly done: boolean;
  /** Effects in the cloud once it is over. */
  readonly effects: readonly string[];
  readonly records: Record<string, string>;
}

const stop = { effects: ['ec2:StopInstances'], records: { stop: '1/1' } };

const CASES: readonly Case[] = [
  {
    name: 'report-idle-1',
    action: 'stop-instance',
    at: 'after AWS stopped it, before the answer',
    request: ['Action=StopInstances', ACT],
    done: true,
    ...stop,
  },
  {
    name: 'checkout-old',
    action: 'stop-instance',
    at: 'after the INTENT, before AWS did anything',
    request: ['Action=StopInstances', ACT],
    done: false,
    ...stop,
  },
  {
    name: 'edge-kev-1',
    action: 'stop-instance',
    at: 'after the budget was reserved, before the INTENT',
    request: ['Action=StopInstances', REHEARSAL],
    done: false,
    ...stop,
  },
  {
    name: 'loadtest-idle-1',
    action: 'snapshot-and-terminate-instance',
    at: 'after AWS took the snapshots of both disks, before the answer',
    request: ['Action=CreateSnapshots', ACT],
    done: true,
    effects: ['ec2:CreateSnapshots', 'ec2:StopInstances', 'ec2:TerminateInstances'],
    records: { stop: '1/1', snapshot: '1/1', terminate: '1/1' },
  },
  {
    name: 'render-big-idle',
    action: 'resize-instance',
    at: 'after AWS changed the type, before the answer',
    request: ['Action=ModifyInstanceAttribute', ACT],
    done: true,
    effects: ['ec2:ModifyInstanceAttribute', 'ec2:StartInstances', 'ec2:StopInstances'],
    records: { stop: '1/1', modify: '1/1', start: '1/1' },
  },
  {
    name: 'old-db-data',
    action: 'snapshot-and-delete-volume',
    at: 'after AWS took the snapshot, before the answer',
    request: ['Action=CreateSnapshot', ACT],
    done: true,
    effects: ['ec2:CreateSnapshot', 'ec2:DeleteVolume'],
    records: { snapshot: '1/1', delete: '1/1' },
  },
  {
    name: 'old-vpn-ip',
    action: 'release-address',
    at: 'after AWS released it, before the answer',
    request: ['Action=ReleaseAddress', ACT],
    done: true,
    effects: ['ec2:ReleaseAddress'],
    records: { release: '1/1' },
  },
  {
    name: 'old-shop-lb',
    action: 'delete-load-balancer',
    at: 'after AWS deleted it, before the answer',
    request: ['Action=DeleteLoadBalancer'],
    done: true,
    effects: ['elasticloadbalancing:DeleteLoadBalancer'],
    // Before a balancer goes, what it was is written down: a step without a call.
    records: { export: '0/1', delete: '1/1' },
  },
];
/** Its call is answered long after the server has given the executor up. */
const SLOW = 'dev-scratch';
/** Three heartbeat timeouts. */
const SLOW_MS = 12_000;

describe('the executor dies by kill -9', () => {
  let stack: TestStack;

  before(async () => {
    stack = await startTestStack({ assets: [...CASES.map((c) => c.name), SLOW] });
    for (const { name, request, done } of CASES) {
      const { resourceId, resourceType } = stack.asset(name);
      const id = resourceType.includes('LoadBalancer') ? encodeURIComponent(resourceId) : resourceId;
      await stack.arm('aws', { body: [...request, id], times: 1, kind: done ? 'hang-after-effect' : 'hang' });
    }
    await stack.sweep();
    await Promise.all(CASES.map(({ name, action }) => stack.approve(name, action, ['ana', 'ben'])));
    await eventually('every executor step to hang in its call', async () => (await stack.armed('aws')).length === 0);
    // The answers are being held back; what was to happen in the cloud has happened.
    await eventually('the effects of the calls', async () => {
      const done = CASES.filter((c) => c.done);
      const seen = await Promise.all(done.map(({ name }) => stack.effects(name)));
      return seen.every((effects, i) => effects.some((e) => asked(done[i] as Case).includes(e.operation)));
    });
    await stack.kill('execute');
    await stack.startWorker('execute');
  });
  after(() => stack?.discard());

  for (const { name, action, at, effects, records } of CASES)
    it(`${action}, killed ${at}: done once, and the trail says so once`, async () => {
      const row = await stack.ended(name);
      assert.equal(row.outcome, 'remediated', row.reasons.join('; '));
      assert.deepEqual((await stack.effects(name)).map((m) => m.operation).sort(), effects);
      assert.deepEqual(effectRecords(await trailOf(stack, name)), records);
    });

  it('a snapshot whose answer takes longer than the heartbeat is not taken twice', async () => {
    const { resourceId } = stack.asset(SLOW);
    await stack.arm('aws', {
      body: ['Action=CreateSnapshot', ACT, resourceId],
      times: 1,
      kind: 'latency',
      ms: SLOW_MS,
    });
    await stack.approve(SLOW, 'snapshot-and-delete-volume', ['ben', 'ana']);
    await eventually('the slow call to be made', async () => (await stack.armed('aws')).length === 0);
    const asked = Date.now();
    const row = await stack.ended(SLOW);
    assert.equal(row.outcome, 'remediated', row.reasons.join('; '));
    // A request shows in the journal once it is answered.
    await eventually('the answer to the slow call', async () => Date.now() > asked + SLOW_MS + 500);
    const calls = (await stack.journal('aws')).filter((entry) =>
      ['Action=CreateSnapshot&', ACT, resourceId].every((part) => entry.body.includes(part)),
    );
    assert.equal(calls.length, 1, 'one request to take the snapshot');
    assert.deepEqual((await stack.effects(SLOW)).map((m) => m.operation).sort(), [
      'ec2:CreateSnapshot',
      'ec2:DeleteVolume',
    ]);
  });

  it('keeps every invariant', () => assertInvariants(stack));
});

function asked({ request }: Case): string {
  const action = request.find((part) => part.startsWith('Action='))?.slice('Action='.length) ?? '';
  return action === 'DeleteLoadBalancer' ? `elasticloadbalancing:${action}` : `ec2:${action}`;
}
