import type { ChatPort, MessageRef } from '../../ports/chat.ts';
import type { DirectoryPerson } from '../../ports/directory.ts';
import type { ApprovalRequest } from '../../schemas/decision.ts';
import type { Press } from './interaction.ts';
import type { Refusal } from './refusals.ts';

export type ChannelName = 'slack' | 'teams';

/** What differs between the chat systems once a genuine press has been read. */
export interface Channel<P extends Press> {
  readonly name: ChannelName;
  /** Why this press is none of ours, such as another workspace; null when it is. */
  foreign(press: P): Refusal | null;
  /** Who pressed, asked of the chat system anew each time, and mapped to one person of our directory. */
  identify(press: P): Promise<DirectoryPerson | Refusal>;
  /** Whether the chat system itself lets this account approve. The policy is asked afterwards in any case. */
  mayApprove(press: P): Promise<true | Refusal>;
  /** Asks for the reason of a rejection. Returns why that was not possible, or null. */
  askReason(press: P): Promise<string | null>;
  /** A note to the person who pressed. Never throws: what was decided does not depend on whether it could be said. */
  tell(press: P, text: string): Promise<void>;
  readonly postToThread: ChatPort['postToThread'];
  /** Shows how many have agreed, unless the request has closed meanwhile. */
  showProgress(ref: MessageRef, progress: Progress): Promise<void>;
}

export interface Progress {
  readonly text: string;
  /** Asked again after the message was changed: the decision may have come in between. */
  readonly status: () => Promise<ApprovalRequest['status'] | null>;
}
