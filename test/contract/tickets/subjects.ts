import type { TestContext } from 'node:test';
import { createSecrets } from '../../../providers/secrets/create-secrets.ts';
import { type JiraConfig } from '../../../providers/tickets/jira/client.ts';
import { createJiraTickets } from '../../../providers/tickets/jira/index.ts';
import type { TicketPort } from '../../../providers/tickets/port.ts';
import { textOf } from '../../../sandbox/jira/adf.ts';
import { startInstance, ticketsOn } from '../servicenow/harness.ts';
import { jiraConfig, jiraTicketsOn, startSite } from './jira-harness.ts';

type After = Pick<TestContext, 'after'>;
type FaultKind = 'reset-after-effect' | 'reset-before-answer' | 'truncated-json' | 'rate-limited' | 'html-error';

/** One system behind the port, and what a test can do to it from behind. */
export interface System {
  /** A client that remembers nothing of an earlier one. */
  tickets(): TicketPort;
  /** Null for a real tenant, which nobody looks into or breaks. */
  readonly lab: Lab | null;
}
export interface Lab {
  count(): number;
  /** Creations that were sent. */
  creations(): number;
  /** Changes of texts that were sent. */
  edits(): number;
  notes(id: string): string[];
  breakCreation(kind: FaultKind): void;
  breakNote(kind: FaultKind): void;
  hide(ticket: { id: string; number: string }): Promise<void>;
  /** Ends it as a person; returns how the system names that person. */
  cancelAsPerson(ticket: { number: string }): Promise<string>;
  approveAsPerson(ticket: { number: string }): Promise<void>;
  /** Requests in all. */
  requests(): number;
}

export interface Subject {
  readonly name: string;
  /** Null: not run, for this reason. */
  readonly start: ((t: After) => Promise<System>) | null;
  readonly why?: string;
}

async function serviceNow(t: After): Promise<System> {
  const i = await startInstance(t);
  const by = 'ana.silva@acme.example';
  return {
    tickets: () => ticketsOn(i),
    lab: {
      count: () => i.sim.store.rows('change_request').length,
      creations: () => i.calls('POST', /\/change\/normal$/),
      edits: () => i.calls('PATCH', /./),
      requests: () => i.sim.journal.entries().length,
      notes: (id) =>
        i.sim.store
          .rows('sys_journal_field')
          .filter((row) => row.element_id === id)
          .map((row) => row.value ?? ''),
      breakCreation: (kind) => i.sim.faults.push({ path: '/change/normal', kind, times: 1 }),
      breakNote: (kind) => i.sim.faults.push({ path: '/change/', body: 'work_notes', kind, times: 1 }),
      hide: async ({ id }) => void (await i.admin('/__sim/world', { do: 'hide', table: 'change_request', sysId: id })),
      cancelAsPerson: async ({ number }) => {
        await i.admin('/__sim/world', { do: 'cancel-change', number, by });
        return 'Ana Silva';
      },
      approveAsPerson: async ({ number }) => void (await i.admin('/__sim/approve', { number })),
    },
  };
}

function jira(serviceDesk: boolean): (t: After) => Promise<System> {
  return async (t) => {
    const site = await startSite(t, serviceDesk ? { config: { serviceDesk: { id: '4', requestTypeId: '27' } } } : {});
    const creation = serviceDesk ? '/servicedeskapi/request' : '/rest/api/3/issue';
    const created = serviceDesk ? /servicedeskapi\/request$/ : /api\/3\/issue$/;
    return {
      tickets: () => jiraTicketsOn(site),
      lab: {
        count: () => site.sim.store.issues().length,
        creations: () => site.calls('POST', created),
        // A request takes its label and priority by an edit of its own.
        edits: () => site.calls('PUT', /\/issue\/\d+$/) - (serviceDesk ? site.sim.store.issues().length : 0),
        requests: () => site.sim.journal.entries().length,
        notes: (id) => site.sim.store.issue(id)?.comments.map((comment) => textOf(comment.body)) ?? [],
        breakCreation: (kind) => site.sim.faults.push({ path: creation, body: 'summary', kind, times: 1 }),
        breakNote: (kind) => site.sim.faults.push({ path: '/comment', body: '[idlewise', kind, times: 1 }),
        hide: async ({ number }) => void (await site.admin('/__sim/world', { do: 'hide', key: number })),
        cancelAsPerson: async ({ number }) => {
          await site.admin('/__sim/world', { do: 'cancel-issue', key: number, by: 'ana@acme.example' });
          return 'Ana';
        },
        approveAsPerson: async ({ number }) => void (await site.admin('/__sim/approve', { key: number })),
      },
    };
  };
}

/** A real Jira site, named by the environment. Its issues stay there, cancelled or closed. */
function jiraTenant(): Subject {
  const name = 'jira (tenant)';
  const { JIRA_SITE_URL: siteUrl, JIRA_PROJECT_KEY: projectKey } = process.env;
  if (!siteUrl || !projectKey || !process.env.JIRA_EMAIL || !process.env.JIRA_API_TOKEN)
    return { name, start: null, why: 'JIRA_SITE_URL, JIRA_PROJECT_KEY, JIRA_EMAIL and JIRA_API_TOKEN are not set' };
  const config: JiraConfig = jiraConfig(siteUrl, {
    projectKey,
    email: 'env:JIRA_EMAIL',
    apiToken: 'env:JIRA_API_TOKEN',
    timeout: 15_000,
    indexLag: 60_000,
  });
  return {
    name,
    start: async () => ({ tickets: () => createJiraTickets({ config, secrets: createSecrets() }), lab: null }),
  };
}

/** Everything that stands behind the ticket port. */
export const SUBJECTS: readonly Subject[] = [
  { name: 'servicenow', start: serviceNow },
  { name: 'jira', start: jira(false) },
  { name: 'jira service management', start: jira(true) },
  jiraTenant(),
];
