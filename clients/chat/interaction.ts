import type { ButtonValue } from '../../providers/chat/buttons.ts';
import type { MessageRef } from '../../ports/chat.ts';
import type { Delivery } from './request.ts';

/** One pressed button or one sent form, read from the wire. Nothing in it is trusted beyond the vendor's signature. */
export interface Interaction {
  /** Account in the chat system. */
  readonly userId: string;
  /** What was pressed; null when it is not one of our buttons. */
  readonly value: ButtonValue | null;
  /** Null when nobody was asked for one yet. */
  readonly reason: string | null;
  /** Where the person is looking. */
  readonly at: MessageRef | null;
  /** Where it came from, as the trail shall name it, e.g. `{ teamId }`. */
  readonly origin: Readonly<Record<string, string | null>>;
  readonly requestHash: string;
  /** Null while the records do not answer: nothing can be accepted then. */
  readonly delivery: Delivery | null;
}

/** What the gate learned about a request, for whoever reads it. */
export interface Admitted {
  readonly requestHash: string;
  readonly delivery: Delivery | null;
}
