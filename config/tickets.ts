import { z } from 'zod';
import { TICKET_VENDORS } from '../providers/tickets/vendors.ts';
import { chosenIn, nameOf, sectionsOf } from './vendors.ts';

/** Where changes are recorded: the section `tickets`. ServiceNow's own section is `servicenow`. */
export const Tickets = z
  .strictObject({ vendor: nameOf(TICKET_VENDORS), ...sectionsOf(TICKET_VENDORS) })
  .superRefine(chosenIn('tickets', TICKET_VENDORS));
