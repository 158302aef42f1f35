import { z } from 'zod';
import { TicketStage } from '../../../schemas/ticket.ts';
import { Duration, SecretRef, Url } from '../../../schemas/config-values.ts';

export const Jira = z.strictObject({
  /** What people open, e.g. https://acme.atlassian.net. */
  siteUrl: Url,
  /** Where the API answers when it is elsewhere, e.g. https://api.atlassian.com/ex/jira/<cloud id> for scoped tokens. */
  apiUrl: Url.nullable().default(null),
  /** With it the token is an API token of this account (Basic); without it an OAuth or scoped token (Bearer). */
  email: SecretRef.optional(),
  apiToken: SecretRef,
  projectKey: z.string().regex(/^[A-Z][A-Z0-9_]+$/, 'must be a project key such as OPS'),
  issueType: z.string().default('Task'),
  /** Opens requests through this service desk instead of plain issues. */
  serviceDesk: z
    .strictObject({ id: z.string().regex(/^\d+$/, 'must be a number in quotes'), requestTypeId: z.string() })
    .nullable()
    .default(null),
  /** What each status of the project's workflow means. */
  statuses: z.record(z.string(), TicketStage).default({
    'To Do': 'new',
    Open: 'new',
    'Waiting for approval': 'awaiting-approval',
    Scheduled: 'scheduled',
    'In Progress': 'implementing',
    Implementing: 'implementing',
    'In Review': 'reviewing',
    Done: 'closed',
    Closed: 'closed',
    Resolved: 'closed',
    Canceled: 'cancelled',
    Cancelled: 'cancelled',
  }),
  /** Priority by risk; null where the project has no priorities. */
  priorities: z
    .strictObject({ low: z.string(), medium: z.string(), high: z.string(), critical: z.string() })
    .nullable()
    .default({ low: 'Low', medium: 'Medium', high: 'High', critical: 'Highest' }),
  /** Resolution by result, used where the closing screen offers it. */
  resolutions: z
    .strictObject({
      successful: z.string(),
      'successful-with-issues': z.string(),
      unsuccessful: z.string(),
      cancelled: z.string(),
    })
    .nullable()
    .default({
      successful: 'Done',
      'successful-with-issues': 'Done',
      unsuccessful: "Won't Do",
      cancelled: "Won't Do",
    }),
  /** Secret of the admin-created webhook that posts to our HTTP app at /hooks/jira; left out: tickets are only polled. */
  webhookSecret: SecretRef.optional(),
  /** Longest the search index may lag behind: no second creation before that. */
  indexLag: Duration.default(60_000),
  timeout: Duration.default(15_000),
});
export type Jira = z.infer<typeof Jira>;
