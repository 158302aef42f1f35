import { createAssessActivities } from '../../activities/assess/assess-risk.ts';
import { createAuditActivities } from '../../activities/audit.ts';
import { createExecuteActivities } from '../../activities/execute/execute-change.ts';
import { createNotifyActivities } from '../../activities/notify/index.ts';
import { createReadActivities } from '../../activities/read.ts';
import { createSweepActivities } from '../../activities/sweep/index.ts';
import { connectTemporal } from '../../clients/temporal.ts';
import { loadRules } from '../../config/load-rules.ts';
import type { Config } from '../../config/schema.ts';
import { withDenyTags } from '../../domain/detection/exclusions.ts';
import { createAwsClients } from '../../providers/cloud/aws/clients.ts';
import { createAwsExecutor } from '../../providers/cloud/aws/executor/create-executor.ts';
import { createAwsReader } from '../../providers/cloud/aws/reader/create-reader.ts';
import { createDirectory } from '../../providers/directory/directory.ts';
import {
  chatFrom,
  cmdbFrom,
  cnappFrom,
  costFrom,
  modelFrom,
  ticketsFrom,
  utilisationFrom,
} from '../../providers/registry.ts';
import type { SecretsPort } from '../../providers/secrets/port.ts';
import type { Rule } from '../../schemas/rules.ts';
import { taskQueues, type WorkerRole } from '../task-queues.ts';
import { loadPolicy, openAudit, openStore } from './records.ts';

export interface RoleParts {
  readonly config: Config;
  readonly secrets: SecretsPort;
}

const clock = () => new Date();

/** What each role can do is what it is given here, and nothing else: the whole of its privileges reads off one function. */
export const ACTIVITIES_OF: Record<WorkerRole, (parts: RoleParts) => Promise<object>> = {
  orchestration: async () => ({}),

  async read({ config, secrets }) {
    const aws = createAwsClients({ config: config.aws, accounts: config.accounts, secrets, role: 'read' });
    const store = await openStore(config, secrets);
    const rules = await rulesOf(config);
    const client = await connectTemporal(config.temporal, secrets);
    const deps = {
      config,
      rules,
      store,
      clock,
      audit: await openAudit(config, secrets),
      cnapp: cnappFrom({ config, secrets }),
      reader: createAwsReader({ clients: aws, accounts: config.accounts }),
      utilisation: utilisationFrom({ config, secrets, aws }),
      cost: costFrom({ config, secrets, aws, cache: store.cache }),
      cmdb: cmdbFrom({ config, secrets }),
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
    });
  },

  async notify({ config, secrets }) {
    return createNotifyActivities({
      config,
      clock,
      store: await openStore(config, secrets),
      audit: await openAudit(config, secrets),
      tickets: ticketsFrom({ config, secrets }),
      chat: await chatFrom({ config, secrets }),
      cnapp: cnappFrom({ config, secrets }),
    });
  },

  async execute({ config, secrets }) {
    // First of all: without policies that validate strictly this worker must not poll.
    const policy = await loadPolicy();
    const aws = createAwsClients({ config: config.aws, accounts: config.accounts, secrets, role: 'reversible' });
    const { executorPoll, transitionTimeout, snapshotTimeout, freshness } = config.policy.waits;
    const people = createDirectory(config.directory);
    const rules = await rulesOf(config);
    return createExecuteActivities({
      config,
      policy,
      clock,
      store: await openStore(config, secrets),
      audit: await openAudit(config, secrets),
      executor: createAwsExecutor({
        clients: aws,
        waits: { pollMs: executorPoll, transitionTimeoutMs: transitionTimeout, snapshotTimeoutMs: snapshotTimeout },
      }),
      utilisation: utilisationFrom({ config, secrets, aws }),
      cmdb: cmdbFrom({ config, secrets }),
      directory: { groupsOf: (subject) => people.bySubject(subject)?.groups ?? null },
      freshness: { spanMs: freshness, ...busyThresholds(rules) },
    });
  },

  async audit({ config, secrets }) {
    return createAuditActivities({ audit: await openAudit(config, secrets, { sign: true }), clock });
  },
};

/** The catalogue with this deployment's own deny tags. */
async function rulesOf(config: Config): Promise<readonly Rule[]> {
  return withDenyTags((await loadRules()).rules, config.policy.denyTags);
}

/** What the rules call busy is what the executor's last look calls busy. */
function busyThresholds(rules: readonly Rule[]): {
  busyCpuPercent: number;
  busyRequests: number;
} {
  const instance = rules.find((r) => r.check === 'instance-idle');
  const balancer = rules.find((r) => r.check === 'load-balancer-idle-traffic');
  return {
    busyCpuPercent: instance?.check === 'instance-idle' ? instance.thresholds.cpuMaxPercent : 15,
    busyRequests: balancer?.check === 'load-balancer-idle-traffic' ? balancer.thresholds.maxRequestsPerDay : 10,
  };
}
