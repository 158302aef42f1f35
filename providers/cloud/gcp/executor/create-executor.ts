import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { Plan } from '../../../../schemas/option.ts';
import type { CloudExecutor, ExecutorWaits } from '../../../../ports/cloud.ts';
import { resizeInstance } from '../../shared/executor/actions/resize-instance.ts';
import { snapshotAndTerminateInstance } from '../../shared/executor/actions/snapshot-and-terminate-instance.ts';
import { stopInstance } from '../../shared/executor/actions/stop-instance.ts';
import { executorFrom } from '../../shared/executor/run-plan.ts';
import type { GcpClients } from '../clients.ts';
import { describeFully } from '../reader/create-reader.ts';
import { releaseStaticAddress } from './actions/release-static-address.ts';
import { snapshotAndDeleteDisk } from './actions/snapshot-and-delete-disk.ts';
import { stopCloudSql } from './actions/stop-cloud-sql.ts';
import { gcpFailures } from './failure.ts';
import { preflightCodes } from './preflight.ts';
import { resizeCodes } from './resize-codes.ts';
import { issueSession } from './session.ts';
import { vmSnapshots } from './snapshots.ts';
import { vmSteps } from './vm-steps.ts';

export interface GcpExecutorOptions {
  /** Clients of the executor's own identities, `role: 'execute'`: they only read; every change gets a token of its own. */
  readonly clients: GcpClients;
  readonly waits: ExecutorWaits;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly now?: () => number;
}

/** Changes Google Cloud, one approved plan at a time. Every method may be called again after a crash with the same log. */
export function createGcpExecutor({ clients, ...options }: GcpExecutorOptions): CloudExecutor {
  return executorFrom({
    ...options,
    vendor: 'gcp',
    failures: gcpFailures,
    actions: {
      'stop-instance': stopInstance(vmSteps),
      'snapshot-and-terminate-instance': snapshotAndTerminateInstance(vmSteps, vmSnapshots),
      'resize-instance': resizeInstance(vmSteps),
      'snapshot-and-delete-volume': snapshotAndDeleteDisk,
      'release-address': releaseStaticAddress,
      'stop-database': stopCloudSql,
    },
    describe: (asset) => describeFully(clients, asset),
    preflight: (plan, facts) => allPreflightCodes(clients, plan, facts),
    reading: (asset, read) => read(clients.reading(asset.accountId)),
    issue: (call, step, scope) => issueSession(clients, { ...call, step, scope }),
  });
}

/** All checks, those that cost calls included. Throws ProviderError. */
async function allPreflightCodes(clients: GcpClients, plan: Plan, facts: CloudFacts): Promise<string[]> {
  const codes = preflightCodes(plan, facts);
  if (plan.action !== 'resize-instance' || facts.kind !== 'instance') return codes;
  const target = plan.parameters['targetInstanceType'];
  // Already changed, by us before a crash or by somebody: nothing left to check, the action tells which.
  if (target === facts.instanceType) return codes;
  return [...codes, ...(await resizeCodes(clients.reading(plan.accountId), facts, target))];
}
