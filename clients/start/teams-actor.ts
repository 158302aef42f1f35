import type { ApprovalRequest } from '../../schemas/decision.ts';
import type { ChatActor } from './chat-actor.ts';

/** A person in front of the simulated Teams: every press leaves it as the signed activity Teams would send. */
export function createTeamsActor(teamsUrl: string): ChatActor {
  const press = async (
    approval: ApprovalRequest,
    as: string,
    actionId: string,
    inputs: Record<string, string> = {},
  ) => {
    if (!approval.chat) throw new Error(`approval ${approval.approvalId} has no message yet`);
    const answer = await fetch(`${teamsUrl}/__sim/press`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: as.split('@')[0], messageId: approval.chat.messageTs, actionId, inputs }),
    });
    if (!answer.ok) throw new Error(`Teams page: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
  };
  return {
    approve: (approval, as, optionId) => press(approval, as, `approve_${optionId}`),
    snooze: (approval, as, code) => press(approval, as, `snooze_${code}`),
    reject: (approval, as, reason) => press(approval, as, 'reject', { reason }),
  };
}
