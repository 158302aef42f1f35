import { createAssessActivities } from '../activities/assess/assess-risk.ts';
import { createAuditActivities } from '../activities/audit.ts';
import { createExecuteActivities } from '../activities/execute/execute-change.ts';
import { createNotifyActivities } from '../activities/notify/index.ts';
import { createReadActivities } from '../activities/read.ts';
import { createSweepActivities } from '../activities/sweep/index.ts';
import { createTelemetryActivities } from '../activities/telemetry/index.ts';
import { connectTemporal } from '../compose/temporal.ts';
import { loadCatalogue } from '../config/load-rules.ts';
import type { Config } from '../config/schema.ts';
import { withDenyTags } from '../domain/detection/exclusions.ts';
import { providerOf } from '../domain/resource-kinds.ts';
import { executorByProvider, partOf, readerByProvider, utilisationByProvider } from '../ports/by-provider.ts';
import type { CloudExecutor } from '../ports/cloud.ts';
import { createDirectory } from '../providers/directory/directory.ts';
import {
  chatFrom,
  cloudsFrom,
  cmdbFrom,
  cnappFrom,
  costFrom,
  modelFrom,
  peopleFrom,
  routingFrom,
  ticketsFrom,
} from '../compose/registry.ts';
import { createPipelineExecutor, executorByRoute } from '../providers/routing/pipeline-executor.ts';
import type { RoutingPort } from '../ports/routing.ts';
import type { SecretsPort } from '../ports/secrets.ts';
import type { Rule } from '../schemas/rules.ts';
import { taskQueues, type WorkerRole } from '../compose/task-queues.ts';
import { openMemory, openMemoryKeeper } from '../compose/memory.ts';
import { loadPolicy, openAudit, openStore } from '../compose/records.ts';
import { signerOf, verifierFrom } from '../compose/signing.ts';
import { telemetryDeps } from './telemetry.ts';

export interface RoleParts {
  readonly config: Config;
  readonly secrets: SecretsPort;
}

const clock = () => new Date();

/** What each role can do is what it is given here, and nothing else: the whole of its privileges reads off one function. */
export const ACTIVITIES_OF: Record<WorkerRole, (parts: RoleParts) => Promise<object>> = {
  orchestration: async () => ({}),

  async read({ config, secrets }) {
    const clouds = await cloudsFrom({ config, secrets, role: 'read' });
    const store = await openStore(config, secrets);
    const rules = await rulesOf(config);
    const client = await connectTemporal(config.temporal, secrets);
    const deps = {
      config,
      rules,
      store,
      clock,
      audit: await openAudit(config, secrets),
      cnapp: await cnappFrom({ config, secrets, cache: store.cache }),
      reader: readerByProvider(partOf(clouds, (cloud) => cloud.reader)),
      utilisation: utilisationByProvider(partOf(clouds, (cloud) => cloud.utilisation)),
      cost: await costFrom({ config, secrets, cache: store.cache }),
      cmdb: await cmdbFrom({ config, secrets }),
      signer: await signerOf('read', config, secrets),
      verifier: verifierFrom(config),
    };
    const orchestrationQueue = taskQueues(config.temporal.taskQueuePrefix).orchestration;
    return { ...createReadActivities(deps), ...createSweepActivities({ ...deps, client, orchestrationQueue }) };
  },

  async assess({ config, secrets }) {
    const rules = await rulesOf(config);
    return createAssessActivities({
      rules,
      clock,
      store: await openStore(config, secrets),
      audit: await openAudit(config, secrets),
      model: await modelFrom({ config, secrets }),
      signer: await signerOf('assess', config, secrets),
      verifier: verifierFrom(config),
      memory: await openMemory(config, secrets),
    });
  },

  async notify({ config, secrets }) {
    const store = await openStore(config, secrets);
    return createNotifyActivities({
      config,
      clock,
      store,
      verifier: verifierFrom(config),
      routing: config.routing.recommendations ? await routingFrom({ config, secrets, cache: store.cache }) : null,
      audit: await openAudit(config, secrets),
      tickets: await ticketsFrom({ config, secrets }),
      chat: await chatFrom({ config, secrets, cache: store.cache }),
      cnapp: await cnappFrom({ config, secrets, cache: store.cache }),
      memory: await openMemoryKeeper(config, secrets),
    });
  },

  async execute({ config, secrets }) {
    // First of all: without policies that validate strictly this worker must not poll.
    const policy = await loadPolicy();
    const clouds = await cloudsFrom({ config, secrets, role: 'execute' });
    const { executorPoll, startSettle, transitionTimeout, snapshotTimeout, freshness } = config.policy.waits;
    const people = createDirectory(config.directory);
    const rules = await rulesOf(config);
    const store = await openStore(config, secrets);
    const own = executorByProvider(
      partOf(clouds, (cloud) =>
        cloud.executor({
          pollMs: executorPoll,
          settleMs: startSettle,
          transitionTimeoutMs: transitionTimeout,
          snapshotTimeoutMs: snapshotTimeout,
        }),
      ),
      (plan) => providerOf(plan.resourceType),
    );
    return createExecuteActivities({
      config,
      policy,
      clock,
      store,
      cnapp: await cnappFrom({ config, secrets, cache: store.cache }),
      audit: await openAudit(config, secrets),
      executor: routed(config, own, await routingFrom({ config, secrets, cache: store.cache })),
      utilisation: utilisationByProvider(partOf(clouds, (cloud) => cloud.utilisation)),
      cmdb: await cmdbFrom({ config, secrets }),
      signer: await signerOf('execute', config, secrets),
      verifier: verifierFrom(config),
      people: await peopleFrom({ config, secrets }),
      directory: { groupsOf: (subject) => people.bySubject(subject)?.groups ?? null },
      freshness: { spanMs: freshness, ...busyThresholds(rules) },
    });
  },

  async audit({ config, secrets }) {
    const audit = createAuditActivities({ audit: await openAudit(config, secrets, { sign: true }), clock });
    return { ...audit, ...createTelemetryActivities(await telemetryDeps(config, secrets)) };
  },
};

/** Changes of routed accounts go to the platform team's pipeline, behind the same gates. */
function routed(config: Config, own: CloudExecutor, routing: RoutingPort | null): CloudExecutor {
  if (routing === null) return own;
  const { poll: pollMs, deadline: deadlineMs, accounts } = config.routing;
  const pipeline = createPipelineExecutor({ executor: own, routing, pollMs, deadlineMs });
  return executorByRoute(own, pipeline, (accountId) => accounts.includes(accountId));
}

/** The catalogue with this deployment's own deny tags. */
async function rulesOf(config: Config): Promise<readonly Rule[]> {
  return withDenyTags((await loadCatalogue(config)).rules, config.policy.denyTags);
}

/** What the rules call busy is what the executor's last look calls busy. */
function busyThresholds(rules: readonly Rule[]): {
  busyCpuPercent: number;
  busyAcceleratorPercent: number;
  busyRequests: number;
  busyBytes: number;
} {
  const loads = rules.flatMap((r) => (r.check === 'load-balancer-idle-traffic' ? [r.thresholds] : []));
  const instance = rules.find((r) => r.check === 'instance-idle');
  return {
    busyCpuPercent: instance?.check === 'instance-idle' ? instance.thresholds.cpuMaxPercent : 15,
    busyAcceleratorPercent: instance?.check === 'instance-idle' ? instance.thresholds.acceleratorMaxPercent : 5,
    busyRequests: Math.min(10, ...loads.flatMap((t) => t.maxRequestsPerDay ?? [])),
    busyBytes: Math.min(1_000_000, ...loads.flatMap((t) => t.maxBytesPerDay ?? [])),
  };
}
