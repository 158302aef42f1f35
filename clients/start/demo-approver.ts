import { providerOf } from '../../domain/resource-kinds.ts';
import type { Store } from '../../ports/store.ts';
import { ANA, BEN, CLEO } from '../../sandbox/estate/people.ts';
import type { SeededAsset } from '../../sandbox/estate/types.ts';
import type { SandboxUrls } from '../../sandbox/parts.ts';
import type { Stack } from '../../sandbox/stack.ts';
import type { StackChoice } from '../../sandbox/stacks.ts';
import type { ApprovalRequest } from '../../schemas/decision.ts';
import { ActionName } from '../../schemas/option.ts';
import type { ChatActor } from './chat-actor.ts';
import { createSlackActor } from './slack-actor.ts';
import { createTeamsActor } from './teams-actor.ts';

/** A person in front of each chat system. */
const ACTORS: Readonly<Record<StackChoice['chat'], (urls: SandboxUrls) => ChatActor>> = {
  slack: (urls) => createSlackActor(urls.slack),
  teams: (urls) => createTeamsActor(urls.teams),
};

type Step = NonNullable<SeededAsset['demo']>['steps'][number];

export interface ScriptedApprover {
  /** Acts on every open request it has not acted on yet. Returns how many it handled. */
  actOnce(): Promise<number>;
  /** Interactions that did not go through, with the asset's name. */
  readonly troubles: string[];
}

/** Plays what the estate's script says for each asset: first what happens behind Idlewise's back, then the interaction. */
export function createScriptedApprover(deps: {
  store: Store;
  stack: Pick<Stack, 'urls' | 'choice'>;
  assets: ReadonlyMap<string, SeededAsset>;
  say: (line: string) => void;
}): ScriptedApprover {
  const actor = ACTORS[deps.stack.choice.chat](deps.stack.urls);
  const handled = new Set<string>();
  const troubles: string[] = [];
  return {
    troubles,
    async actOnce() {
      const open = (await deps.store.approvals.open()).filter((a) => a.chat !== null && !handled.has(a.approvalId));
      for (const approval of open) {
        handled.add(approval.approvalId);
        const asset = deps.assets.get(approval.assetKey);
        // A second round after a snooze is a person's business again.
        if (!asset?.demo || approval.round > 1) continue;
        try {
          for (const step of asset.demo.steps)
            await play(step, { asset, approval, actor, urls: deps.stack.urls, say: deps.say });
        } catch (error) {
          troubles.push(`${asset.name}: ${(error as Error).message}`);
        }
      }
      return open.length;
    },
  };
}

interface Scene {
  readonly asset: SeededAsset;
  readonly approval: ApprovalRequest;
  readonly actor: ChatActor;
  readonly urls: SandboxUrls;
  readonly say: (line: string) => void;
}

async function play(step: Step, { asset, approval, actor, urls, say }: Scene): Promise<void> {
  const { resourceId, name } = asset;
  const cloud = urls[providerOf(asset.resourceType) as keyof SandboxUrls];
  switch (step.do) {
    case 'approve': {
      const optionId = ActionName.parse(step.optionId);
      const needed = approval.options.find((o) => o.optionId === optionId)?.requiredApprovals ?? 1;
      // A stack whose CNAPP knows less needs more approvals than the script was written for.
      const people = [...new Set([...step.by, ANA, BEN, CLEO])].slice(0, needed);
      for (const person of people) await actor.approve(approval, person, optionId);
      return say(`  ${name}: ${people.map(first).join(' and ')} approved ${optionId}`);
    }
    case 'reject':
      await actor.reject(approval, step.by, step.reason);
      return say(`  ${name}: ${first(step.by)} rejected: ${step.reason}`);
    case 'snooze':
      await actor.snooze(approval, step.by, step.hours > 24 * 7 ? '1m' : step.hours > 24 ? '1w' : '1d');
      return say(`  ${name}: ${first(step.by)} snoozed`);
    case 'ignore':
      return;
    case 'world:open-incident':
      return world(urls.servicenow, { do: 'open-incident', resourceId });
    case 'world:busy':
      return world(cloud, { do: 'busy', resourceId });
    case 'world:terminate':
      return world(cloud, { do: 'terminate', resourceId });
    case 'world:no-capacity':
      return world(cloud, { do: 'no-capacity', resourceId });
    case 'world:retag':
      return world(cloud, { do: 'retag', resourceId, key: step.key, value: step.value });
  }
}

async function world(base: string, change: Record<string, unknown>): Promise<void> {
  const answer = await fetch(`${base}/__sim/world`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  if (!answer.ok)
    throw new Error(`world change ${String(change['do'])}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
}

function first(subject: string): string {
  return subject.split('@')[0] as string;
}
