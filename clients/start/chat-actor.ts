import type { ApprovalRequest } from '../../schemas/decision.ts';
import type { ActionName } from '../../schemas/option.ts';

/** A person in front of a simulated chat system: every interaction leaves it as the signed request the vendor would send. */
export interface ChatActor {
  approve(approval: ApprovalRequest, as: string, optionId: ActionName): Promise<void>;
  reject(approval: ApprovalRequest, as: string, reason: string): Promise<void>;
  snooze(approval: ApprovalRequest, as: string, code: '1d' | '1w' | '1m'): Promise<void>;
}
