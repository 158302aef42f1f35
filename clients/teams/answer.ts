import { setTimeout as sleep } from 'node:timers/promises';

/** Body of the answer to a pressed button: Teams shows the text under the card, to the one who pressed. */
export interface InvokeAnswer {
  readonly statusCode: 200;
  readonly type: 'application/vnd.microsoft.activity.message';
  readonly value: string;
}

export const message = (value: string): InvokeAnswer => ({
  statusCode: 200,
  type: 'application/vnd.microsoft.activity.message',
  value: value.slice(0, 2000),
});

const LATER = '⏳ Idlewise has received this and is still at work. What comes of it will be said in the thread.';

/** The one chance to answer an interaction. */
export interface Reply {
  /** False when it was answered already: then the thread has to say it. */
  say(text: string): boolean;
  /** What to send. Settles within the given time, with the outcome or with the promise of one. */
  readonly answer: Promise<InvokeAnswer>;
}

export function createReply(withinMs: number): Reply {
  const { promise, resolve } = Promise.withResolvers<string>();
  let open = true;
  const say = (text: string): boolean => {
    if (!open) return false;
    open = false;
    resolve(text);
    return true;
  };
  void sleep(withinMs, undefined, { ref: false }).then(() => say(LATER));
  return { say, answer: promise.then(message) };
}
