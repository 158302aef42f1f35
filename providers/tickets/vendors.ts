import type { SecretsPort } from '../../ports/secrets.ts';
import type { TicketPort } from '../../ports/tickets.ts';
import { ServiceNow } from '../servicenow/section.ts';
import { vendorsOf } from '../vendor.ts';
import { Jira } from './jira/section.ts';

const { vendor, vendorAt } = vendorsOf<{ readonly secrets: SecretsPort }, TicketPort>();

/** Every ticket system there is, by its name in `tickets.vendor`. */
export const TICKET_VENDORS = {
  servicenow: vendorAt('servicenow', ServiceNow, async (config, parts) =>
    (await import('./servicenow/index.ts')).createServiceNowTickets({ ...parts, config }),
  ),
  jira: vendor(Jira, async (config, parts) =>
    (await import('./jira/index.ts')).createJiraTickets({ ...parts, config }),
  ),
};
