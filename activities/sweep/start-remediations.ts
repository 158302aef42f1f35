import { Context } from '@temporalio/activity';
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import pLimit from 'p-limit';
import { SearchAttributes } from '../../domain/search-attributes.ts';
import type { Store } from '../../ports/store.ts';
import type { Opportunity } from '../../schemas/records.ts';
import type { RemediateAssetInput } from '../../schemas/workflow-io.ts';
import type { StartRemediationsInput } from '../contracts.ts';

export interface StartDeps {
  readonly store: Store;
  readonly client: Client;
  readonly orchestrationQueue: string;
}

const CONCURRENT_STARTS = 20;

/** Ids stay short of every store's limit and are the same on every sweep, so that an asset has one open run per rule. */
export function remediationIdOf(tenant: string, opportunity: { assetKey: string; ruleId: string }): string {
  return `remediate/${tenant}/${opportunity.assetKey}/${opportunity.ruleId}`;
}

/** Starts the best opportunities of a sweep. An asset that already has an open run keeps it. */
export async function startRemediations(
  deps: StartDeps,
  input: StartRemediationsInput,
): Promise<{ started: number; alreadyRunning: number; failed: number }> {
  const opportunities = await deps.store.opportunities.ranked({ sweepId: input.sweepId, limit: input.limit });
  const limit = pLimit(CONCURRENT_STARTS);
  let done = 0;
  const results = await Promise.all(
    opportunities.map((opportunity) =>
      limit(async () => {
        const result = await startOne(deps, input, opportunity);
        Context.current().heartbeat({ started: ++done, of: opportunities.length });
        return result;
      }),
    ),
  );
  const count = (kind: string) => results.filter((r) => r === kind).length;
  return { started: count('started'), alreadyRunning: count('running'), failed: count('failed') };
}

async function startOne(
  deps: StartDeps,
  input: StartRemediationsInput,
  opportunity: Opportunity,
): Promise<'started' | 'running' | 'failed'> {
  const document = await deps.store.assets.get(opportunity.assetKey);
  if (!document) return 'failed';
  const { asset } = document;
  const remediationId = remediationIdOf(input.tenant, opportunity);
  const args: RemediateAssetInput = {
    tenant: input.tenant,
    remediationId,
    ruleId: opportunity.ruleId,
    sweepId: input.sweepId,
    ...(input.requestedBy !== undefined && { requestedBy: input.requestedBy }),
    queues: input.queues,
    waits: input.waits,
    round: 1,
    asset: {
      assetKey: asset.assetKey,
      provider: asset.provider,
      accountId: asset.accountId,
      region: asset.region,
      resourceType: asset.resourceType,
      resourceId: asset.resourceId,
      name: asset.name,
      vendorId: document.posture?.vendorId ?? asset.assetKey,
    },
  };
  const saving = opportunity.monthlySaving;
  try {
    await deps.client.workflow.start('remediateAsset', {
      workflowId: remediationId,
      taskQueue: deps.orchestrationQueue,
      args: [args],
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: `${asset.name}: ${opportunity.ruleId}`,
      staticDetails: `Asset \`${asset.assetKey}\`\n\nFound by sweep \`${input.sweepId}\``,
      typedSearchAttributes: [
        { key: SearchAttributes.tenant, value: input.tenant },
        { key: SearchAttributes.account, value: asset.accountId },
        { key: SearchAttributes.assetType, value: asset.resourceType },
        { key: SearchAttributes.environment, value: document.environment },
        { key: SearchAttributes.stage, value: 'gathering' },
        ...(saving ? [{ key: SearchAttributes.monthlySavings, value: Number(saving.amount) }] : []),
      ],
    });
    return 'started';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'running';
    throw error;
  }
}
