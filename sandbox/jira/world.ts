import type { Hono } from 'hono';
import { z } from 'zod';
import { decide, firstApprover, Refused } from './approvals.ts';
import type { Account, World } from './context.ts';
import { endAs, isDone } from './workflow.ts';

const Step = z.discriminatedUnion('do', [
  z.object({ do: z.enum(['close-issue', 'cancel-issue']), key: z.string(), by: z.string() }),
  /** Withholds an issue from the integration account. */
  z.object({ do: z.literal('hide'), key: z.string() }),
]);
const Decision = z.object({
  key: z.string(),
  by: z.string().optional(),
  decision: z.enum(['approve', 'decline']).default('approve'),
});

/** What people do behind Idlewise's back: `POST /__sim/world` and `POST /__sim/approve`. */
export function registerWorld(app: Hono, world: World): void {
  const person = (email: string): Account | undefined => world.accounts.find((account) => account.email === email);
  app.post('/__sim/world', async (c) => {
    const step = Step.safeParse(await c.req.json().catch(() => null));
    if (!step.success) return c.json({ error: z.prettifyError(step.error) }, 400);
    const issue = world.store.issue(step.data.key);
    if (!issue) return c.json({ error: 'no such issue' }, 404);
    if (step.data.do === 'hide') {
      world.hidden.add(issue.id);
      return c.json({ hidden: world.hidden.size });
    }
    const by = person(step.data.by);
    if (!by) return c.json({ error: 'no such person' }, 404);
    if (!isDone(world, issue)) endAs(world, issue, { by, cancel: step.data.do === 'cancel-issue' });
    return c.json({ key: issue.key, status: issue.status });
  });
  app.post('/__sim/approve', async (c) => {
    const asked = Decision.safeParse(await c.req.json().catch(() => null));
    if (!asked.success) return c.json({ error: z.prettifyError(asked.error) }, 400);
    const issue = world.store.issue(asked.data.key);
    const by = issue && (asked.data.by === undefined ? firstApprover(world, issue) : person(asked.data.by));
    if (!issue || !by) return c.json({ error: 'no such issue, or nobody is asked' }, 404);
    try {
      decide(world, issue, { by, decision: asked.data.decision });
      return c.json({ key: issue.key, approval: issue.approval?.decision });
    } catch (error) {
      if (error instanceof Refused) return c.json({ error: error.message }, 409);
      throw error;
    }
  });
}
