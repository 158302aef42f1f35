import { approveAction, REJECT_ACTION, snoozeAction } from '../../providers/chat/slack/buttons.ts';
import type { ApprovalRequest } from '../../schemas/decision.ts';
import type { ChatActor } from './chat-actor.ts';

/** A person in front of the simulated Slack. */
export function createSlackActor(slackUrl: string): ChatActor {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(`${slackUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`Slack page ${path}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
    return answer.json();
  };
  const act = (approval: ApprovalRequest, as: string, actionId: string) => {
    if (!approval.chat) throw new Error(`approval ${approval.approvalId} has no message yet`);
    return post('/__sim/interact', {
      user: handleOf(as),
      channel: approval.chat.channel,
      messageTs: approval.chat.messageTs,
      actionId,
    });
  };
  return {
    async approve(approval, as, optionId) {
      await act(approval, as, approveAction(optionId));
    },
    async snooze(approval, as, code) {
      await act(approval, as, snoozeAction(code));
    },
    async reject(approval, as, reason) {
      await act(approval, as, REJECT_ACTION);
      const view = await openView(slackUrl, as);
      await post('/__sim/submit-view', {
        user: handleOf(as),
        viewId: view.id,
        values: { [view.input]: reason, reason },
      });
    },
  };
}

function handleOf(subject: string): string {
  return subject.split('@')[0] as string;
}

const VIEW_WAIT_MS = 5000;

async function openView(slackUrl: string, as: string): Promise<{ id: string; input: string }> {
  const userId = `U0${handleOf(as).toUpperCase()}`;
  for (const until = Date.now() + VIEW_WAIT_MS; Date.now() < until; ) {
    const state = (await (await fetch(`${slackUrl}/__sim/state?as=${userId}`)).json()) as {
      view: { id: string; view: { blocks?: { block_id?: string }[] } } | null;
    };
    if (state.view)
      return { id: state.view.id, input: state.view.view.blocks?.find((b) => b.block_id)?.block_id ?? 'reason' };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no dialog opened for ${as}`);
}
