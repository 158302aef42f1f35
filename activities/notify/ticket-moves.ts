import { ProviderError } from '../../ports/errors.ts';
import type { TicketPort } from '../../ports/tickets.ts';
import type { TicketStage } from '../../schemas/ticket.ts';

/**
 * Moves a ticket on as far as the instance's own change model allows. Where it does not, the reason is returned for
 * people to see: a ticket that lags never holds up, and never permits, a change.
 */
export async function moveAsFarAsPossible(
  tickets: TicketPort,
  ticket: { id: string },
  stages: readonly Exclude<TicketStage, 'closed' | 'cancelled'>[],
): Promise<string | null> {
  for (const stage of stages) {
    try {
      await tickets.moveTo(ticket, stage);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'terminal') throw error;
      return error.message;
    }
  }
  return null;
}
