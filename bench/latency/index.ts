import type { Client } from '@temporalio/client';
import { startSweep } from '../../clients/schedules.ts';
import { createSlackActor } from '../../clients/start/slack-actor.ts';
import { connectTemporal } from '../../compose/temporal.ts';
import { createSecrets } from '../../providers/secrets/create-secrets.ts';
import type { Mutation } from '../../sandbox/aws/index.ts';
import { type Stack, startStack } from '../../sandbox/stack.ts';
import { DEMO_WAITS } from '../../sandbox/waits.ts';
import type { ApprovalRequest } from '../../schemas/decision.ts';
import { openStore } from '../../compose/records.ts';
import { type Histories, readHistories } from '../runs/histories.ts';
import { quantile, spread } from '../stats.ts';
import { against, type Bench, type BenchContext, measure } from '../types.ts';

/** 36 idle machines of 60: enough for the warm-up, one at a time, and a burst. */
const ESTATE = { instances: 60, idleShare: 0.7 };
const WARM_UP = 3;
const SINGLE = 20;
const BURST = 10;
const PRESSER = 'ben@acme.example';
const PATIENCE_MS = 180_000;

export const latencyBench: Bench = {
  name: 'latency',
  about: 'from the interaction in Slack to StopInstances in the cloud, on the whole stack',
  async run(context) {
    const stack = await startBenchStack(context);
    const secrets = createSecrets();
    const client = await connectTemporal(stack.config.temporal, secrets);
    const store = await openStore(stack.config, secrets);
    try {
      await startSweep(client, stack.config, 'service:bench');
      const requests = await lowRiskRequests(() => store.approvals.open());
      context.log(`${requests.length} low-risk requests wait for a decision`);
      const interact = interactOn(stack);
      for (const request of requests.slice(0, WARM_UP)) await interact(request);
      const single: number[] = [];
      for (const request of requests.slice(WARM_UP, WARM_UP + SINGLE)) single.push(await interact(request));
      const burst = await Promise.all(requests.slice(WARM_UP + SINGLE, WARM_UP + SINGLE + BURST).map(interact));
      const pressed = requests.map((request) => request.remediationId);
      const histories = await finish(client, pressed);
      const line = (of: readonly number[]) => `${quantile(of, 0.5).toFixed(0)} / ${quantile(of, 0.99).toFixed(0)}`;
      return {
        measures: [
          measure(`one at a time, ${single.length} interactions, p50 / p99 (ms)`, line(single)),
          measure('  median [lowest–highest] (ms)', spread(single, 0)),
          measure(`${burst.length} at once, p50 / p99 (ms)`, line(burst)),
          measure('  median [lowest–highest] (ms)', spread(burst, 0)),
          measure('runs that ended within 90 s of the last stop', `${histories.events.length} of ${pressed.length}`),
          against('events per real run', spread(histories.events, 0), {
            text: '≤ 70',
            met: within(histories.events, 70),
          }),
          against('history bytes per real run', spread(histories.bytes, 0), {
            text: '≤ 24,576',
            met: within(histories.bytes, 24_576),
          }),
        ],
        notes: [
          'From sending the interaction to the instant the endpoint took StopInstances: signature, authorisation, Update, executor gates, policy, budget, audit, AssumeRole, pre-flight, DryRun, stop. With so few samples p99 is the highest one.',
        ],
        samples: { single, burst, histories },
      };
    } finally {
      await store.close();
      await client.connection.close();
      await stack.stop();
    }
  },
};

function startBenchStack({ folder, log, env }: BenchContext): Promise<Stack> {
  return startStack({
    stateDir: folder,
    fresh: false,
    // Nobody is reminded meanwhile, nothing expires.
    waits: {
      ...DEMO_WAITS,
      reminder: '1h',
      escalation: '2h',
      expiry: '24h',
      // The bill never moves here: runs end as soon as they may say so.
      billingLag: '2s',
      billingDeadline: '20s',
    },
    log,
    env,
    scale: ESTATE,
    ports: 'free',
    tune: (config) => {
      for (const account of config.accounts ?? []) Object.assign(account, { phase: 'approve', phaseByRegion: {} });
    },
  });
}

/** Waits until enough requests that one person may decide have been posted. */
async function lowRiskRequests(open: () => Promise<readonly ApprovalRequest[]>): Promise<ApprovalRequest[]> {
  const wanted = WARM_UP + SINGLE + BURST;
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const ready = (await open()).filter(
      (a) => a.chat && a.options.some((o) => o.optionId === 'stop-instance' && o.requiredApprovals === 1),
    );
    if (ready.length >= wanted) return ready.slice(0, wanted);
    if (Date.now() > deadline) throw new Error(`only ${ready.length} of ${wanted} low-risk requests after 3 minutes`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Presses, waits until the instance's stop took effect, and says how long that was; both clocks are this machine's. */
function interactOn(stack: Stack): (request: ApprovalRequest) => Promise<number> {
  const actor = createSlackActor(stack.urls.slack);
  const stopped = async (resourceId: string): Promise<Mutation | undefined> => {
    const all = (await (await fetch(`${stack.urls.aws}/__sim/mutations`)).json()) as Mutation[];
    return all.find(
      (m) =>
        m.operation === 'ec2:StopInstances' && !m.dryRun && m.errorCode === null && m.resourceIds.includes(resourceId),
    );
  };
  return async (request) => {
    const resourceId = request.assetKey.slice(request.assetKey.lastIndexOf('/') + 1);
    const pressedAt = Date.now();
    await actor.approve(request, PRESSER, 'stop-instance');
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; ) {
      const mutation = await stopped(resourceId);
      if (mutation) return Date.parse(mutation.at) - pressedAt;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`${resourceId} was approved and not stopped within 3 minutes`);
  };
}

const CLOSING_MS = 90_000;

/** Gives the runs time to give up on a bill that will not come in seconds, then reads the histories of those that ended. */
async function finish(client: Client, ids: readonly string[]): Promise<Histories> {
  const ended = new Set<string>();
  for (const deadline = Date.now() + CLOSING_MS; Date.now() < deadline && ended.size < ids.length; ) {
    for (const id of ids.filter((i) => !ended.has(i)))
      if ((await client.workflow.getHandle(id).describe()).status.name === 'COMPLETED') ended.add(id);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return readHistories(client, [...ended]);
}

function within(values: readonly number[], limit: number): boolean | null {
  return values.length === 0 ? null : Math.max(...values) <= limit;
}
