import type { ApprovalRequest } from '../../../schemas/decision.ts';
import { isProviderError } from '../../../ports/errors.ts';
import type { ChatPort, MessageRef } from '../../../ports/chat.ts';
import { context, KEPT, PROGRESS, section } from './blocks.ts';
import { postOnce, type ReadMessage, readMessage, type SlackClients, updateMessage } from './posting.ts';
import { entities, escape } from './text.ts';

type Line = Parameters<ChatPort['postToThread']>[1];
type Verdict = Parameters<ChatPort['replaceWithDecision']>[1];

const kept = (message: ReadMessage) => message.blocks.filter((b) => b.block_id?.startsWith(KEPT));
const hasButtons = (message: ReadMessage) => message.blocks.some((b) => b.type === 'actions');

/** Keeps what was asked, removes every button, and says what came of it. */
export async function replaceWithDecision(clients: SlackClients, ref: MessageRef, text: Verdict): Promise<void> {
  const blocks = [
    { type: 'divider', block_id: 'decided_start' },
    section('decided', `*${escape(text.headline)}*`),
    ...(text.detail ? [context('decided_detail', [escape(text.detail, 1500)])] : []),
  ];
  const fallback = entities(`${text.headline}. ${text.detail}`).slice(0, 4000);
  const message = await readMessage(clients, ref).catch(() => null);
  try {
    await updateMessage(clients, ref, { text: fallback, blocks: [...(message ? kept(message) : []), ...blocks] });
  } catch (error) {
    if (!isProviderError(error, 'not-found')) throw error;
    // Somebody deleted the message: what was decided must still be seen where it was asked.
    await postOnce(clients, {
      channel: ref.channel,
      text: fallback,
      blocks: blocks as Parameters<typeof postOnce>[1]['blocks'] & object,
      marker: {
        event_type: 'idlewise_decision',
        event_payload: { messageTs: ref.messageTs, headline: text.headline.slice(0, 200) },
      },
    });
  }
}

/** Adds one line to the thread, once per marker. */
export async function postToThread(clients: SlackClients, ref: MessageRef, line: Line): Promise<void> {
  await postOnce(clients, {
    channel: ref.channel,
    threadTs: ref.messageTs,
    text: entities(line.text).slice(0, 4000),
    marker: { event_type: 'idlewise_thread', event_payload: { marker: line.marker } },
  });
}

/**
 * Shows "1 of 2 approvals by …" above the buttons, which stay. `stillOpen` is asked again afterwards: the decision may
 * have come in between, and then no button may stay behind.
 */
export async function showProgress(
  clients: SlackClients,
  ref: MessageRef,
  progress: { text: string; status: () => Promise<ApprovalRequest['status'] | null> },
): Promise<void> {
  const message = await readMessage(clients, ref);
  if (!message || !hasButtons(message)) return;
  if ((await progress.status()) !== 'open') return;
  const rest = message.blocks.filter((b) => b.block_id !== PROGRESS);
  const at = rest.findIndex((b) => b.block_id === 'options_start');
  const blocks = rest.toSpliced(
    at < 0 ? rest.length : at,
    0,
    section(PROGRESS, `👥 *${escape(progress.text)}*`) as ReadMessage['blocks'][number],
  );
  await updateMessage(clients, ref, { text: message.text, blocks });
  if ((await progress.status()) === 'open') return;
  await replaceWithDecision(clients, ref, {
    headline: 'This request is closed',
    detail: 'The thread says what came of it.',
  });
}
