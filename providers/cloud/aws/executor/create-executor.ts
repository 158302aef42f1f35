import { type CloudExecutor, type ExecutorWaits, factsIn } from '../../../../ports/cloud.ts';
import { resizeInstance } from '../../shared/executor/actions/resize-instance.ts';
import { stopInstance } from '../../shared/executor/actions/stop-instance.ts';
import { assetOf, executorFrom } from '../../shared/executor/run-plan.ts';
import type { AwsClients, RegionalClients } from '../clients.ts';
import { withFreshSession } from '../fresh-session.ts';
import { describeAssets } from '../reader/describe-assets.ts';
import { deleteLoadBalancer } from './actions/delete-load-balancer.ts';
import { releaseAddress } from './actions/release-address.ts';
import { snapshotAndDeleteVolume } from './actions/snapshot-and-delete-volume.ts';
import { snapshotAndTerminateInstance } from './actions/snapshot-and-terminate-instance.ts';
import { stopDatabase } from './actions/stop-database.ts';
import { allPreflightCodes } from './approved.ts';
import { awsFailures } from './failure.ts';
import { ec2Steps } from './instance-steps.ts';
import { issueSession } from './session.ts';

export interface AwsExecutorOptions {
  /** Clients of the executor's own identity, `role: 'reversible'`: they only read; effects get sessions of their own. */
  readonly clients: AwsClients;
  readonly waits: ExecutorWaits;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly now?: () => number;
}

/** Changes AWS, one approved plan at a time. Every method may be called again after a crash with the same log. */
export function createAwsExecutor({ clients, ...options }: AwsExecutorOptions): CloudExecutor {
  return executorFrom({
    ...options,
    vendor: 'aws',
    failures: awsFailures,
    actions: {
      'stop-instance': stopInstance(ec2Steps),
      'snapshot-and-terminate-instance': snapshotAndTerminateInstance,
      'resize-instance': resizeInstance(ec2Steps),
      'snapshot-and-delete-volume': snapshotAndDeleteVolume,
      'release-address': releaseAddress,
      'delete-load-balancer': deleteLoadBalancer,
      'stop-database': stopDatabase,
    },
    async describe(asset) {
      const look = (session: RegionalClients) => describeAssets(session, [asset], { detailed: true });
      return factsIn(await withFreshSession(clients, asset, look), asset);
    },
    preflight: (plan, facts) =>
      withFreshSession(clients, assetOf(plan), (read) => allPreflightCodes(plan, facts, read)),
    reading: (asset, read) => withFreshSession(clients, asset, read),
    issue: (call, step, scope) => issueSession(clients, { ...call, step, call: scope }),
    during: (change) => clients.duringChange(change),
  });
}
