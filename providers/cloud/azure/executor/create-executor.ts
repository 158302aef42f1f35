import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { Plan } from '../../../../schemas/option.ts';
import type { CloudExecutor, ExecutorWaits } from '../../../../ports/cloud.ts';
import { resizeInstance } from '../../shared/executor/actions/resize-instance.ts';
import { snapshotAndTerminateInstance } from '../../shared/executor/actions/snapshot-and-terminate-instance.ts';
import { stopInstance } from '../../shared/executor/actions/stop-instance.ts';
import { executorFrom } from '../../shared/executor/run-plan.ts';
import type { AzureClients } from '../clients.ts';
import { describeFully } from '../reader/create-reader.ts';
import { deleteAzureLoadBalancer } from './actions/delete-azure-load-balancer.ts';
import { releasePublicIp } from './actions/release-public-ip.ts';
import { snapshotAndDeleteDisk } from './actions/snapshot-and-delete-disk.ts';
import { stopManagedInstance } from './actions/stop-managed-instance.ts';
import { azureFailures } from './failure.ts';
import { preflightCodes } from './preflight.ts';
import { resizeCodes } from './resize-codes.ts';
import { issueSession } from './session.ts';
import { vmSnapshots } from './snapshots.ts';
import { vmSteps } from './vm-steps.ts';

export interface AzureExecutorOptions {
  /** Clients of the executor's own identities, `role: 'execute'`: they only read; every change gets a token of its own. */
  readonly clients: AzureClients;
  readonly waits: ExecutorWaits;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly now?: () => number;
}

/** Changes Azure, one approved plan at a time. Every method may be called again after a crash with the same log. */
export function createAzureExecutor({ clients, ...options }: AzureExecutorOptions): CloudExecutor {
  return executorFrom({
    ...options,
    vendor: 'azure',
    failures: azureFailures,
    actions: {
      'stop-instance': stopInstance(vmSteps),
      'snapshot-and-terminate-instance': snapshotAndTerminateInstance(vmSteps, vmSnapshots),
      'resize-instance': resizeInstance(vmSteps),
      'snapshot-and-delete-volume': snapshotAndDeleteDisk,
      'release-address': releasePublicIp,
      'delete-load-balancer': deleteAzureLoadBalancer,
      'stop-database': stopManagedInstance,
    },
    describe: (asset) => describeFully(clients, asset),
    preflight: (plan, facts) => allPreflightCodes(clients, plan, facts),
    reading: (asset, read) => read(clients.reading(asset.accountId)),
    issue: (call, step, scope) => issueSession(clients, { ...call, step, scope }),
  });
}

/** All checks, those that cost calls included. Throws ProviderError. */
async function allPreflightCodes(clients: AzureClients, plan: Plan, facts: CloudFacts): Promise<string[]> {
  const session = clients.reading(plan.accountId);
  const codes = preflightCodes(plan, facts);
  if (plan.action !== 'resize-instance' || facts.kind !== 'instance') return codes;
  const target = plan.parameters['targetInstanceType'];
  // Already changed, by us before a crash or by somebody: nothing left to check, the action tells which.
  if (target === facts.instanceType) return codes;
  return [...codes, ...(await resizeCodes(session, facts, target))];
}
