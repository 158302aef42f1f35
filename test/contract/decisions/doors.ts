import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { addDecideCommand } from '../../../clients/cli/commands/decide.ts';
import type { CliContext } from '../../../clients/cli/context.ts';
import type { Channel, Delivered } from '../../../decisions/types.ts';
import type { AuditLog } from '../../../ports/audit.ts';
import type { ChatPort, MessageRef } from '../../../ports/chat.ts';
import type { PolicyPort } from '../../../ports/policy.ts';
import type { Store } from '../../../ports/store.ts';
import { loadCedarPolicy } from '../../../providers/policy/cedar/create-cedar-policy.ts';
import type { ApprovalRequest } from '../../../schemas/decision.ts';
import type { Misbehaviour as SlackMisbehaviour } from '../../../sandbox/slack/types.ts';
import type { Misbehaviour as TeamsMisbehaviour } from '../../../sandbox/teams/index.ts';
import { chatDirectory, type ChatRecords, failing, startChatRecords } from '../../helpers/chat.ts';
import { testKeys } from '../../helpers/signing.ts';
import { type SlackBench, startSlackBench } from '../../helpers/slack.ts';
import { startTeamsBench, type TeamsBench } from '../teams/bench.ts';

/** What can be taken away, or put into the mouth of a part, under a running adapter. */
export interface Broken {
  audit: boolean;
  store: boolean;
  /** Policies that say no, instead of what the real ones say. */
  policy: readonly string[] | 'throws' | null;
  /** What the workflow answers; null: it counts. */
  workflow: string | null;
}

export interface Asked {
  readonly request: ApprovalRequest;
  readonly ref: MessageRef;
}

export type Verdict = 'approve' | 'reject' | 'snooze';

/** One way people decide through, with everything real behind it. */
export interface Door {
  readonly name: Channel;
  readonly store: Store;
  readonly broken: Broken;
  ask(over?: Partial<ApprovalRequest>): Promise<Asked>;
  /** Says it as this person, and returns what the person is told. */
  say(who: string, verdict: Verdict, asked: Asked): Promise<string>;
  /** Ids of decisions the workflow was told. */
  told(): readonly string[];
  trail: ChatRecords['trail'];
  stop(): Promise<void>;
}
export interface SlackDoor extends Door {
  readonly bench: SlackBench;
  misbehave(asked: Asked, misbehave: SlackMisbehaviour): Promise<string>;
}
export interface TeamsDoor extends Door {
  readonly bench: TeamsBench;
  misbehave(asked: Asked, misbehave: TeamsMisbehaviour): Promise<string>;
}
export interface CliDoor extends Door {
  run(...args: string[]): Promise<string>;
}

const REASON = 'still needed by finance';
const STOP = 'stop-instance';

export async function openSlackDoor(): Promise<SlackDoor> {
  const broken = unbroken();
  const bench = await startSlackBench({
    deps: (deps) => ({ ...deps, ...spoilt(deps, broken), times: { ...deps.times, approverCacheMs: 0 } }),
  });
  bench.answer(counted(broken));
  const ids: Record<string, string> = { ana: 'U0ANA', ben: 'U0BEN', cleo: 'U0CLEO', dev: 'U0DEV', mallory: 'U0MAL' };
  const press = async (user: string, { ref }: Asked, action: Parameters<SlackBench['interact']>[2]) => {
    bench.clearNotes();
    await bench.interact(user, ref, action);
    return (await bench.notes(user)).join('\n');
  };
  return {
    name: 'slack',
    bench,
    store: bench.store,
    broken,
    ask: bench.ask,
    told: () => bench.told.map((d) => d.decisionId),
    trail: bench.trail,
    say: (who, verdict, asked) =>
      press(
        ids[who] ?? who,
        asked,
        { approve: `opt_approve_${STOP}`, snooze: 'opt_snooze_1w', reject: 'opt_reject' }[verdict],
      ),
    misbehave: async ({ ref }, misbehave) => {
      bench.clearNotes();
      const { status, answer, deliveries } = (await bench.interact('U0ANA', ref, {
        id: `opt_approve_${STOP}`,
        misbehave,
      })) as unknown as { status: number; answer: string; deliveries: { answer: string }[] };
      return status === 200 && deliveries.length === 1
        ? (await bench.notes('U0ANA')).join('\n')
        : `(${deliveries.at(-1)?.answer ?? answer})`;
    },
    stop: () => bench.stop(),
  };
}

export async function openTeamsDoor(): Promise<TeamsDoor> {
  const broken = unbroken();
  const bench = await startTeamsBench({ deps: (deps) => ({ ...deps, ...spoilt(deps, broken) }) });
  bench.answer(counted(broken));
  return {
    name: 'teams',
    bench,
    store: bench.records.store,
    broken,
    ask: bench.ask,
    told: () => bench.told.map((d) => d.decisionId),
    trail: bench.records.trail,
    say: async (who, verdict, { ref }) => {
      const button = {
        approve: `approve_${STOP}`,
        snooze: 'snooze_1w',
        reject: { id: 'reject', inputs: { reason: REASON } },
      }[verdict];
      return (await bench.interact(who, ref, button)).note;
    },
    misbehave: async ({ ref }, misbehave) => {
      const { note, deliveries } = await bench.interact('ana', ref, { id: `approve_${STOP}`, misbehave });
      const last = deliveries.at(-1);
      return last?.status === 200 ? note : `(${last?.answer})`;
    },
    stop: () => bench.stop(),
  };
}

export async function openCliDoor(): Promise<CliDoor> {
  const broken = unbroken();
  const records = await startChatRecords('cli_test');
  const parts = spoilt({ ...records, policy: await loadCedarPolicy('config/policies') }, broken);
  const told: string[] = [];
  const chat = { postApproval: async () => ({ channel: 'C1', messageTs: '1' }) } as unknown as ChatPort;
  const keyFolder = await mkdtemp(join(tmpdir(), 'idlewise-keys-'));
  const people = await Promise.all(
    chatDirectory.people.map(async (person) => {
      const keys = testKeys(`person:${person.subject}`);
      const publicKeys = keys.pairs.map((pair) => pair.publicPem);
      await writeFile(join(keyFolder, `${person.subject}.pem`), keys.pairs[0]?.privatePem ?? '');
      return { ...person, iamPrincipals: [], publicKeys };
    }),
  );
  const directory = { people, finopsGroup: 'finops', keyFolder };
  const lines: string[] = [];
  const context = {
    out: { json: false, value: (_raw: unknown, text: string) => void lines.push(text), progress: () => {} },
    config: async () => ({ directory, signing: {}, policy: { waits: { snooze: 86_400_000 } } }),
    store: async () => parts.store,
    audit: async () => parts.audit,
  } as unknown as CliContext;
  const run = async (...args: string[]): Promise<string> => {
    lines.length = 0;
    const program = new Command('idlewise').exitOverride();
    addDecideCommand(
      program,
      async (_command, work) => {
        await work(context).catch((error: Error) => void lines.push(error.message));
      },
      async () => ({
        policy: parts.policy,
        deliver: async (decision) => {
          told.push(decision.decisionId);
          return counted(broken)();
        },
      }),
    );
    await program.parseAsync(['decide', ...args], { from: 'user' });
    return lines.join('\n');
  };
  return {
    name: 'cli',
    store: records.store,
    broken,
    run,
    ask: (over) => records.ask(chat, over),
    told: () => told,
    trail: records.trail,
    say: (who, verdict, { request }) =>
      run(
        request.approvalId,
        verdict,
        '--as',
        `${who}@acme.example`,
        ...{ approve: ['--option', STOP], reject: ['--reason', REASON], snooze: [] }[verdict],
      ),
    stop: async () => {
      await records.stop();
      await rm(keyFolder, { recursive: true });
    },
  };
}

const unbroken = (): Broken => ({ audit: false, store: false, policy: null, workflow: null });

const counted = (broken: Broken) => async (): Promise<Delivered> => ({
  via: 'update',
  answer: {
    accepted: broken.workflow === null,
    refusal: broken.workflow,
    approvalsCounted: 1,
    approvalsRequired: 1,
  },
});

function spoilt<
  T extends { audit: AuditLog; store: Pick<Store, 'approvals'>; policy: Pick<PolicyPort, 'decideHuman'> },
>(parts: T, broken: Broken) {
  const { audit, store, policy } = parts;
  const decideHuman: PolicyPort['decideHuman'] = (request) => {
    if (broken.policy === 'throws') throw new Error('the engine is broken');
    const decision = policy.decideHuman(request);
    return broken.policy === null ? decision : { ...decision, allow: false, reasons: broken.policy };
  };
  return {
    audit: failing(audit, () => broken.audit),
    store: { ...store, approvals: failing(store.approvals, () => broken.store) } as T['store'],
    policy: { ...policy, decideHuman } as T['policy'],
  };
}
