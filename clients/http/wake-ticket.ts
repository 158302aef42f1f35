import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Store } from '../../ports/store.ts';
import type { TicketPort } from '../../ports/tickets.ts';
import { ticketEndedSignal } from '../../workflows/messages.ts';

/** Looks a ticket up where it is kept, and tells the run that waits beside it when somebody has ended it. */
export function createWakeTicket(deps: {
  readonly store: Pick<Store, 'approvals'>;
  readonly tickets: Pick<TicketPort, 'status'>;
  readonly client: Pick<Client, 'workflow'>;
}): (ticketId: string) => Promise<'told' | 'still-open' | 'nobody-waits'> {
  return async (ticketId) => {
    const waiting = (await deps.store.approvals.open()).find((a) => a.ticketId === ticketId);
    if (!waiting) return 'nobody-waits';
    const status = await deps.tickets.status({ id: ticketId });
    if (status.stage !== 'closed' && status.stage !== 'cancelled') return 'still-open';
    const end = { by: status.closedBy ?? 'somebody', state: status.vendorState };
    try {
      await deps.client.workflow.getHandle(waiting.remediationId).signal(ticketEndedSignal, end);
      return 'told';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'nobody-waits';
      throw error;
    }
  };
}
