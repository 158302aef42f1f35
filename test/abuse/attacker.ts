import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { MongoClient } from 'mongodb';
import { taskQueues, type WorkerRole } from '../../compose/task-queues.ts';
import { openAudit } from '../../compose/records.ts';
import { decisionEvent } from '../../ports/decision-trail.ts';
import { createSecrets } from '../../providers/secrets/create-secrets.ts';
import type { ApprovalRequest, Decision } from '../../schemas/decision.ts';
import type { ActionName } from '../../schemas/option.ts';
import type { StepOutcome } from '../../schemas/outcome.ts';
import type { TestStack } from '../helpers/stack.ts';

type Row = Record<string, unknown> & { _id: string };

/** Who has the database's credential and reaches Temporal's port, and has no key. */
export type Attacker = Awaited<ReturnType<typeof attackerOf>>;

export async function attackerOf(stack: TestStack) {
  const { config, client } = stack;
  const mongo = new MongoClient(config.mongodb.uri);
  const rows = (collection: string) => mongo.db(config.mongodb.database).collection<Row>(collection);
  // Appending to the trail takes no key: with its own code the chain stays whole.
  const trail = await openAudit(config, createSecrets());
  const taskQueue = `attacker-${process.pid}`;
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address: config.temporal.address });
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('attacker-workflow.ts', import.meta.url)),
  });
  const running = worker.run();
  let calls = 0;

  const call = (role: WorkerRole, name: string, ...args: unknown[]): Promise<unknown> =>
    client.workflow.execute('callActivity', {
      workflowId: `attacker/${process.pid}/${++calls}`,
      taskQueue,
      args: [{ queue: taskQueues(config.temporal.taskQueuePrefix)[role], name, args }],
    });

  return {
    rows,
    call,
    /** The cloud-changing activity with these ids, as the workflow itself would ask for it. */
    execute: (approval: ApprovalRequest, optionId: ActionName, step: 'apply' | 'complete' | 'rollback') =>
      call('execute', 'executeChange', {
        remediationId: approval.remediationId,
        runId: approval.runId,
        caseId: approval.caseId,
        approvalId: approval.approvalId,
        planDigest: planOf(approval, optionId),
        step,
      }) as Promise<StepOutcome>,
    /** Approvals in the records and in the trail, as an app would leave them, without its signature. */
    async forge(approval: ApprovalRequest, optionId: ActionName, who: readonly string[]): Promise<readonly Decision[]> {
      const made = who.map(
        (name): Decision => ({
          decisionId: `forged-${name}-${approval.approvalId}`,
          approvalId: approval.approvalId,
          remediationId: approval.remediationId,
          kind: 'approve',
          optionId,
          planDigest: planOf(approval, optionId),
          reason: null,
          snoozeUntil: null,
          actor: {
            subject: `${name}@acme.example`,
            displayName: name,
            via: 'slack',
            externalId: `U0${name.toUpperCase()}`,
          },
          decidedAt: new Date().toISOString(),
        }),
      );
      for (const decision of made) {
        await stack.store.approvals.recordDecision(decision);
        await trail.append(
          decisionEvent(decision, { actor: { kind: 'human', id: decision.actor.subject }, about: {} }),
        );
      }
      return made;
    },
    trail,
    async stop(): Promise<void> {
      worker.shutdown();
      await running;
      await connection.close();
      await trail.close();
      await mongo.close();
    },
  };
}

export function planOf(approval: ApprovalRequest, optionId: ActionName): string {
  return approval.options.find((o) => o.optionId === optionId)?.planDigest ?? assert.fail(`${optionId} is not offered`);
}
