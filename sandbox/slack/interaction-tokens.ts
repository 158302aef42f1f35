import { randomUUID } from 'node:crypto';

/** Trigger ids and response URLs: short-lived tokens Slack hands out with every interaction. */
export interface InteractionTokens {
  issueTrigger(user: string): string;
  /** A trigger opens one view, within its life. */
  useTrigger(id: string): { user: string } | { error: string };
  issueResponse(target: { user: string; channel: string; messageTs: string }): string;
  /** Five uses within its life. */
  useResponse(id: string): { user: string; channel: string; messageTs: string } | null;
}

export function createInteractionTokens(options: {
  triggerTtlMs: number;
  responseUrlTtlMs: number;
  now: () => number;
}): InteractionTokens {
  const triggers = new Map<string, { user: string; expires: number }>();
  const responses = new Map<
    string,
    { user: string; channel: string; messageTs: string; expires: number; uses: number }
  >();
  return {
    issueTrigger: (user) => {
      const id = `${options.now()}.${randomUUID()}`;
      triggers.set(id, { user, expires: options.now() + options.triggerTtlMs });
      return id;
    },
    useTrigger: (id) => {
      const trigger = triggers.get(id);
      if (!trigger) return { error: 'invalid_trigger_id' };
      triggers.delete(id);
      return options.now() > trigger.expires ? { error: 'expired_trigger_id' } : { user: trigger.user };
    },
    issueResponse: (target) => {
      const id = randomUUID();
      responses.set(id, { ...target, expires: options.now() + options.responseUrlTtlMs, uses: 5 });
      return id;
    },
    useResponse: (id) => {
      const response = responses.get(id);
      if (!response || options.now() > response.expires || response.uses <= 0) return null;
      response.uses -= 1;
      return response;
    },
  };
}
