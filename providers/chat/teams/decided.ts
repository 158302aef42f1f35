import type { ApprovalRequest } from '../../../schemas/decision.ts';
import { isProviderError } from '../../../ports/errors.ts';
import type { ChatPort, MessageRef } from '../../../ports/chat.ts';
import { decidedActivity, openActivity } from './card.ts';
import { type TeamsClient, threadOf } from './client.ts';
import { type Activity, textActivity } from './elements.ts';
import type { Memory } from './memory.ts';

export interface TeamsParts {
  readonly client: TeamsClient;
  readonly memory: Memory;
}

type Line = Parameters<ChatPort['postToThread']>[1];
type Verdict = Parameters<ChatPort['replaceWithDecision']>[1];

/** Keeps what was asked, removes every button, and says what came of it. */
export async function replaceWithDecision(teams: TeamsParts, ref: MessageRef, verdict: Verdict): Promise<void> {
  const { client, memory } = teams;
  const known = await memory.card(ref).catch(() => null);
  // Remembered first: whoever is about to show progress on this message must find that it is over. What cannot be
  // remembered or was forgotten is still replaced, since it is the buttons that have to go.
  if (known) await memory.rememberCard(ref, { ...known, decided: verdict }).catch(() => undefined);
  const activity = decidedActivity(known?.parts ?? null, verdict);
  try {
    await client.update(ref, activity);
  } catch (error) {
    if (!isProviderError(error, 'not-found')) throw error;
    // Somebody deleted the message: what was decided must still be seen where it was asked.
    const marker = `instead:${verdict.headline}`;
    await sayOnce(teams, { ref, marker, conversation: ref.channel, activity });
  }
}

/** Adds one line to the thread, once per marker. */
export async function postToThread(teams: TeamsParts, ref: MessageRef, line: Line): Promise<void> {
  const { marker, text } = line;
  await sayOnce(teams, { ref, marker, conversation: threadOf(ref), activity: textActivity(text) });
}

/**
 * Posts what was not posted before under this marker. When Teams took a line and its answer was lost, the line comes a second
 * time: of the two, saying it twice is the lesser harm, and nothing that is sent this way can be pressed.
 */
export async function sayOnce(
  teams: TeamsParts,
  message: { ref: MessageRef; marker: string; conversation: string; activity: Activity },
): Promise<void> {
  if (await teams.memory.said(message.ref, message.marker)) return;
  await teams.client.send(message.conversation, message.activity);
  await teams.memory.rememberSaid(message.ref, message.marker);
}

/**
 * Puts the buttons into a message, and takes them out again when the decision has come in between. False when it was over
 * before or is now.
 */
export async function showOpen(teams: TeamsParts, ref: MessageRef, progress: string | null): Promise<boolean> {
  const { client, memory } = teams;
  const known = await memory.card(ref);
  if (!known || known.decided) return false;
  await client.update(ref, openActivity(known.parts, progress));
  const now = await memory.card(ref);
  if (!now?.decided) return true;
  await client.update(ref, decidedActivity(now.parts, now.decided));
  return false;
}

/** Shows "1 of 2 approvals by …" above the buttons, which stay while the request is open. */
export async function showProgress(
  teams: TeamsParts,
  ref: MessageRef,
  progress: { text: string; status: () => Promise<ApprovalRequest['status'] | null> },
): Promise<void> {
  if ((await progress.status()) !== 'open' || !(await showOpen(teams, ref, progress.text))) return;
  if ((await progress.status()) === 'open') return;
  await replaceWithDecision(teams, ref, {
    headline: 'This request is closed',
    detail: 'The thread says what came of it.',
  });
}
