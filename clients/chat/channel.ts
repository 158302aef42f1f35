import type { ChatPort, MessageRef } from '../../ports/chat.ts';
import type { DirectoryPerson } from '../../ports/directory.ts';
import type { ApprovalRequest } from '../../schemas/decision.ts';
import type { Interaction } from './interaction.ts';
import type { Refusal } from '../../decisions/refusals.ts';
import type { Channel as DecisionChannel } from '../../decisions/types.ts';

/** The channels of decisions that are chat systems. */
export type ChannelName = Extract<DecisionChannel, 'slack' | 'teams'>;

/** What differs between the chat systems once a genuine interaction has been read. */
export interface Channel<I extends Interaction> {
  readonly name: ChannelName;
  /** Why this interaction is none of ours, such as another workspace; null when it is. */
  foreign(interaction: I): Refusal | null;
  /** Who pressed, asked of the chat system anew each time, and mapped to one person of our directory. */
  identify(interaction: I): Promise<DirectoryPerson | Refusal>;
  /** Whether the chat system itself lets this account approve. The policy is asked afterwards in any case. */
  mayApprove(interaction: I): Promise<true | Refusal>;
  /** Asks for the reason of a rejection. Returns why that was not possible, or null. */
  askReason(interaction: I): Promise<string | null>;
  /** A note to the person who pressed. Never throws: what was decided does not depend on whether it could be said. */
  tell(interaction: I, text: string): Promise<void>;
  readonly postToThread: ChatPort['postToThread'];
  /** Shows how many have agreed, unless the request has closed meanwhile. */
  showProgress(ref: MessageRef, progress: Progress): Promise<void>;
}

export interface Progress {
  readonly text: string;
  /** Asked again after the message was changed: the decision may have come in between. */
  readonly status: () => Promise<ApprovalRequest['status'] | null>;
}
