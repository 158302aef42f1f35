import { createHmac, randomUUID } from 'node:crypto';
import type { IssueEvent, WebhookSettings, World } from './context.ts';
import { renderAccount } from './context.ts';
import { renderIssue } from './issue-fields.ts';

const GATHER_MS = 30;

/** Signs and delivers events: at least once, in no promised order, never holding up who caused them. */
export function createWebhooks(settings: WebhookSettings, world: () => World): (event: IssueEvent) => void {
  let waiting: { body: string; id: string }[] = [];

  const deliver = async ({ body, id }: { body: string; id: string }, retry: number): Promise<void> => {
    const signature = createHmac('sha256', settings.secret).update(body).digest('hex');
    await fetch(settings.url(), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-hub-signature': `sha256=${signature}`,
        'x-atlassian-webhook-identifier': id,
        ...(retry > 0 ? { 'x-atlassian-webhook-retry': String(retry) } : {}),
      },
      body,
      signal: AbortSignal.timeout(5000),
    }).catch(() => undefined);
  };
  const flush = async () => {
    const batch = settings.reorder ? waiting.toReversed() : waiting;
    waiting = [];
    for (const event of batch) for (let copy = 0; copy < (settings.copies ?? 1); copy++) await deliver(event, copy);
  };

  return (event) => {
    const issue = world().store.issue(event.issueId);
    if (!issue) return;
    const body = JSON.stringify({
      timestamp: Date.now(),
      webhookEvent: event.webhookEvent,
      user: renderAccount(event.by),
      issue: renderIssue(world(), issue, { self: '', changelog: false, fields: [] }),
      ...(event.items.length > 0 ? { changelog: { id: issue.history.at(-1)?.id, items: event.items } } : {}),
    });
    waiting.push({ body, id: randomUUID() });
    if (waiting.length === 1) setTimeout(() => void flush(), GATHER_MS).unref();
  };
}
