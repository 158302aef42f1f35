import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { SearchAttributes } from '../../domain/search-attributes.ts';
import type { Decision } from '../../schemas/decision.ts';
import type { RemediateAssetInput, RemediateAssetResult } from '../../schemas/workflow-io.ts';
import { decide } from '../../workflows/messages.ts';
import { ANSWERS } from './scripted-activities.ts';

export type Kind = 'remediateAsset' | 'sameShape';

const HOUR = 3_600_000;

export interface Driver {
  /** So many runs, so many at a time, each decided as soon as it asks; milliseconds it took. Throws when one ends otherwise. */
  batch(kind: Kind, count: number): Promise<{ ms: number; ids: string[] }>;
  /** To be told when a run waits for its decision. */
  onAsked(remediationId: string): void;
}

/** Starts runs and presses the button for each, as the sweep and the Slack app would. */
export function createDriver(parts: { client: Client; queue: string; concurrency: number }): Driver {
  const { client, queue, concurrency } = parts;
  const waiting = new Map<string, () => void>();
  const one = async (kind: Kind, workflowId: string): Promise<void> => {
    const asked = new Promise<void>((resolve) => waiting.set(workflowId, resolve));
    const input = inputOf(workflowId, queue);
    const handle = await client.workflow.start<(input: RemediateAssetInput) => Promise<RemediateAssetResult>>(kind, {
      workflowId,
      taskQueue: queue,
      args: [input],
      staticSummary: `${input.asset.name}: ${input.ruleId}`,
      staticDetails: `Asset \`${input.asset.assetKey}\`\n\nFound by sweep \`${input.sweepId}\``,
      typedSearchAttributes: [
        { key: SearchAttributes.tenant, value: input.tenant },
        { key: SearchAttributes.account, value: input.asset.accountId },
        { key: SearchAttributes.assetType, value: input.asset.resourceType },
        { key: SearchAttributes.environment, value: 'staging' },
        { key: SearchAttributes.stage, value: 'gathering' },
        { key: SearchAttributes.monthlySavings, value: 69.12 },
      ],
    });
    await asked;
    const decision = decisionOf(workflowId);
    await handle.executeUpdate(decide, { args: [decision], updateId: decision.decisionId });
    const { outcome } = await handle.result();
    if (outcome !== 'remediated') throw new Error(`${workflowId} ended ${outcome}`);
    waiting.delete(workflowId);
  };
  return {
    onAsked: (id) => waiting.get(id)?.(),
    async batch(kind, count) {
      const limit = pLimit(concurrency);
      // Ids of one length, whichever workflow it is: they are in every payload.
      const ids = Array.from(
        { length: count },
        () =>
          `remediate/acme/arn:aws:ec2:us-east-1:111122223333:instance/i-${randomUUID().replaceAll('-', '').slice(0, 17)}/aws-ec2-instance-idle`,
      );
      const started = performance.now();
      await Promise.all(ids.map((id) => limit(() => one(kind, id))));
      return { ms: performance.now() - started, ids };
    },
  };
}

function inputOf(remediationId: string, queue: string): RemediateAssetInput {
  const assetKey = remediationId.split('/').slice(2, 4).join('/');
  return {
    tenant: 'acme',
    remediationId,
    ruleId: 'aws-ec2-instance-idle',
    sweepId: 'sweep-2026-11-23T23:00:00Z',
    queues: { read: queue, assess: queue, notify: queue, execute: queue },
    waits: {
      reminder: 24 * HOUR,
      escalation: 48 * HOUR,
      expiry: 168 * HOUR,
      hold: 1000,
      rescanPoll: 1000,
      rescanDeadline: HOUR,
      billingLag: 1000,
      billingDeadline: 72 * HOUR,
      ticketPoll: HOUR,
      executorHeartbeat: 15_000,
      executorStep: HOUR,
    },
    round: 1,
    asset: {
      assetKey,
      provider: 'aws',
      accountId: '111122223333',
      region: 'us-east-1',
      resourceType: 'AWS::EC2::Instance',
      resourceId: assetKey.slice(assetKey.lastIndexOf('/') + 1),
      name: 'scale-1234',
      vendorId: '0b1c2d3e-4f50-4617-a829-3a4b5c6d7e8f',
    },
  };
}

function decisionOf(remediationId: string): Decision {
  return {
    decisionId: randomUUID(),
    approvalId: ANSWERS.approvalId,
    remediationId,
    kind: 'approve',
    optionId: 'stop-instance',
    planDigest: ANSWERS.digest,
    reason: null,
    snoozeUntil: null,
    actor: { subject: 'ana@acme.example', displayName: 'Ana Almeida', via: 'slack', externalId: 'U0ANA' },
    decidedAt: new Date().toISOString(),
  };
}
