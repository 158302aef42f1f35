import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { startSweep, sweepInput } from '../../clients/schedules.ts';
import type { ChatActor } from '../../clients/start/chat-actor.ts';
import { createSlackActor } from '../../clients/start/slack-actor.ts';
import { connectTemporal } from '../../compose/temporal.ts';
import { createSecrets } from '../../providers/secrets/create-secrets.ts';
import type { Store } from '../../ports/store.ts';
import type { Mutation } from '../../sandbox/aws/types.ts';
import type { SeededAsset } from '../../sandbox/estate/types.ts';
import type { Fault } from '../../sandbox/kit/faults.ts';
import type { JournalEntry } from '../../sandbox/kit/journal.ts';
import type { SandboxUrls } from '../../sandbox/parts.ts';
import { type Stack, startStack } from '../../sandbox/stack.ts';
import { DEMO_WAITS } from '../../sandbox/waits.ts';
import type { SandboxConfigInput } from '../../sandbox/write-config.ts';
import type { ApprovalRequest } from '../../schemas/decision.ts';
import type { ActionName } from '../../schemas/option.ts';
import type { RemediationDocument } from '../../schemas/records.ts';
import type { SweepSummary, WaitPolicy } from '../../schemas/workflow-io.ts';
import { openStore } from '../../compose/records.ts';
import { taskQueues, WORKER_ROLES } from '../../compose/task-queues.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Waits that nothing in a test reaches by accident, except those a test wants short. */
const TEST_WAITS = {
  ...DEMO_WAITS,
  reminder: '10m',
  escalation: '20m',
  expiry: '30m',
  hold: '1s',
  ticketPoll: '10m',
  executorHeartbeat: '4s',
  billingLag: '1h',
  billingDeadline: '48h',
};

export type Waits = Partial<SandboxConfigInput['waits']>;

export interface TestStackOptions {
  /** Names of the seeded assets to keep. @default all */
  readonly assets?: readonly string[];
  readonly canaries?: boolean;
  readonly waits?: Waits;
  readonly tune?: NonNullable<SandboxConfigInput['tune']>;
  /** State of an earlier stack; it is kept when this one stops. */
  readonly stateDir?: string;
}

/** The whole embedded estate with every worker as a real process, and what tests do to it. */
export interface TestStack extends Stack {
  readonly stateDir: string;
  readonly client: Client;
  readonly store: Store;
  readonly person: ChatActor;
  asset(name: string): SeededAsset;
  readonly assets: readonly SeededAsset[];
  /** Sweeps to the end; `waits` replace those of the configuration in the runs it starts. */
  sweep(options?: {
    at?: { accountId: string; region: string };
    waits?: Partial<WaitPolicy>;
    requestedBy?: string;
  }): Promise<SweepSummary>;
  /** The open request about an asset, once its message is posted. */
  request(name: string): Promise<ApprovalRequest>;
  approve(name: string, optionId: ActionName, by: readonly string[]): Promise<ApprovalRequest>;
  remediation(name: string): Promise<RemediationDocument | null>;
  /** The remediation once it has an outcome. */
  ended(name: string): Promise<RemediationDocument>;
  mutations(): Promise<readonly Mutation[]>;
  /** Changes that took effect on the asset: no dry runs, nothing refused, nobody but us. */
  effects(name: string, operation?: string): Promise<readonly Mutation[]>;
  arm(simulator: keyof SandboxUrls, fault: Fault): Promise<void>;
  armed(simulator: keyof SandboxUrls): Promise<readonly Fault[]>;
  disarm(simulator: keyof SandboxUrls): Promise<void>;
  journal(simulator: keyof SandboxUrls): Promise<readonly JournalEntry[]>;
  world(simulator: 'aws' | 'servicenow', change: Record<string, unknown>): Promise<void>;
  post<T>(url: string, body: unknown): Promise<T>;
  /** What this person was told privately about the request. */
  notes(user: string, channel: string): Promise<string[]>;
  /** kill -9, by the names in `processes`. */
  kill(...names: readonly string[]): Promise<void>;
  startWorkers(): Promise<void>;
  cli(...args: readonly string[]): Promise<CliResult>;
  /** Stops everything and keeps what was written. */
  stop(): Promise<void>;
  /** Stops everything and removes it. */
  discard(): Promise<void>;
}

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'idlewise-stack-')));
  const lines: string[] = [];
  const stack = await startStack({
    stateDir,
    fresh: false,
    ports: 'free',
    env: process.env,
    log: (line) => void lines.push(line),
    waits: { ...TEST_WAITS, ...options.waits },
    ...(options.assets && { assets: options.assets }),
    ...(options.canaries && { canaries: true }),
    ...(options.tune && { tune: options.tune }),
  });
  const { config, urls } = stack;
  const secrets = createSecrets();
  const client = await connectTemporal(config.temporal, secrets);
  const store = await openStore(config, secrets);
  const { assets } = await json<{ assets: SeededAsset[] }>(`${urls.aws}/__sim/estate`);
  const person = createSlackActor(urls.slack);

  const asset = (name: string) => {
    const found = assets.find((a) => a.name === name);
    if (!found) throw new Error(`the estate of this test has no ${name}`);
    return found;
  };
  const remediation = async (name: string) => {
    const { assetKey } = asset(name);
    const rows = await store.remediations.list({ limit: 10_000 });
    return rows.find((r) => r.assetKey === assetKey) ?? null;
  };
  const request = (name: string) =>
    eventually(`a posted request about ${name}`, async () => {
      const { assetKey } = asset(name);
      return (await store.approvals.open()).find((a) => a.assetKey === assetKey && a.chat !== null);
    });
  const close = async () => {
    await client.connection.close().catch(() => undefined);
    await store.close().catch(() => undefined);
    await stack.stop();
  };

  return {
    ...stack,
    stateDir,
    client,
    store,
    person,
    assets,
    asset,
    remediation,
    request,
    async sweep({ at, waits, requestedBy = 'service:test' } = {}) {
      if (!at && !waits) {
        const id = await startSweep(client, config, requestedBy);
        return (await client.workflow.getHandle(id).result()) as SweepSummary;
      }
      const input = sweepInput(config, requestedBy);
      return client.workflow.execute('sweepEstate', {
        workflowId: `sweep/${config.tenant}-${at ? `${at.accountId}-${at.region}` : 'all'}-${Date.now()}`,
        taskQueue: taskQueues(config.temporal.taskQueuePrefix).orchestration,
        args: [{ ...input, ...(at && { partitions: [at] }), waits: { ...input.waits, ...waits } }],
      }) as Promise<SweepSummary>;
    },
    async approve(name, optionId, by) {
      const approval = await request(name);
      const needed = approval.options.find((o) => o.optionId === optionId)?.requiredApprovals ?? 1;
      for (const who of by.slice(0, needed)) await person.approve(approval, who, optionId);
      return approval;
    },
    ended: (name) =>
      eventually(`an outcome of ${name}`, async () => {
        const row = await remediation(name);
        return row?.outcome ? row : undefined;
      }),
    mutations: () => json(`${urls.aws}/__sim/mutations`),
    async effects(name, operation) {
      const id = asset(name).resourceId;
      return (await effective(urls.aws)).filter(
        (m) => m.resourceIds.includes(id) && (operation === undefined || m.operation === operation),
      );
    },
    arm: (simulator, fault) => post(`${urls[simulator]}/__sim/faults`, fault),
    armed: (simulator) => json(`${urls[simulator]}/__sim/faults`),
    disarm: async (simulator) => void (await fetch(`${urls[simulator]}/__sim/faults`, { method: 'DELETE' })),
    journal: (simulator) => json(`${urls[simulator]}/__sim/journal`),
    world: (simulator, change) => post(`${urls[simulator]}/__sim/world`, change),
    post,
    async notes(user, channel) {
      const state = await json<{ ephemerals: { text: string }[] }>(
        `${urls.slack}/__sim/state?as=${user}&channel=${channel}`,
      );
      return state.ephemerals.map((e) => e.text);
    },
    async kill(...names) {
      await Promise.all(names.map(async (name) => stack.processes.get(name)?.kill()));
    },
    async startWorkers() {
      await Promise.all(WORKER_ROLES.map((role) => stack.startWorker(role)));
    },
    cli: (...args) => runCli(stack.configFile, args),
    stop: close,
    async discard() {
      await close();
      await rm(stateDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Changes to the cloud that happened and were not a person's. */
export async function effective(awsUrl: string): Promise<readonly Mutation[]> {
  const all = await json<Mutation[]>(`${awsUrl}/__sim/mutations`);
  return all.filter((m) => !m.dryRun && m.errorCode === null && m.roleName !== 'person');
}

/** The first defined answer; fails the test when there is none in time. Errors count as no answer yet. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | null | false>,
  withinMs = 90_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await look();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline)
      throw new Error(`${what}: not within ${withinMs / 1000} s${last ? ` (${(last as Error).message})` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

/** `node bin/idlewise.mjs …` as a person would run it. */
export function runCli(configFile: string | null, args: readonly string[]): Promise<CliResult> {
  const env = { ...process.env, ...(configFile && { IDLEWISE_CONFIG: configFile }) };
  return runScript('bin/idlewise.mjs', args, env);
}

export function runScript(script: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, script), ...args], { cwd: root, env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}

export async function json<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
  return (await answer.json()) as T;
}

async function post<T>(url: string, body: unknown): Promise<T> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
  return (await answer.json()) as T;
}

export const logFileOf = (stateDir: string, name: string): string | null => {
  const file = join(stateDir, 'logs', `${name}.log`);
  return existsSync(file) ? file : null;
};
