import type { ApprovalRequest } from '../../schemas/decision.ts';
import type { ChatActor } from './chat-actor.ts';

/** A person in front of the simulated Teams: every interaction leaves it as the signed activity Teams would send. */
export function createTeamsActor(teamsUrl: string): ChatActor {
  const act = async (approval: ApprovalRequest, as: string, actionId: string, inputs: Record<string, string> = {}) => {
    if (!approval.chat) throw new Error(`approval ${approval.approvalId} has no message yet`);
    const answer = await fetch(`${teamsUrl}/__sim/interact`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: as.split('@')[0], messageId: approval.chat.messageTs, actionId, inputs }),
    });
    if (!answer.ok) throw new Error(`Teams page: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
  };
  return {
    approve: (approval, as, optionId) => act(approval, as, `approve_${optionId}`),
    snooze: (approval, as, code) => act(approval, as, `snooze_${code}`),
    reject: (approval, as, reason) => act(approval, as, 'reject', { reason }),
  };
}
