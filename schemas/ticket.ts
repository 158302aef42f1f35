import { z } from 'zod';

export const TicketRef = z.object({
  system: z.string(),
  /** The vendor's record id (ServiceNow sys_id). */
  id: z.string(),
  /** What people call it, e.g. CHG0030001. */
  number: z.string(),
  url: z.string(),
});
export type TicketRef = z.infer<typeof TicketRef>;

/** Our own names for where a change is; each ticket system maps them onto its states. */
export const TicketStage = z.enum([
  'new',
  'awaiting-approval',
  'scheduled',
  'implementing',
  'reviewing',
  'closed',
  'cancelled',
]);
export type TicketStage = z.infer<typeof TicketStage>;
