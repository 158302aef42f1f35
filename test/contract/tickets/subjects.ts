import type { TestContext } from 'node:test';
import { createSecrets } from '../../../providers/secrets/create-secrets.ts';
import { createJiraTickets } from '../../../providers/tickets/jira/index.ts';
import type { TicketPort } from '../../../ports/tickets.ts';
import { createServiceNowTickets } from '../../../providers/tickets/servicenow/index.ts';
import { textOf } from '../../../sandbox/jira/adf.ts';
import { serviceNowConfig, startInstance, ticketsOn } from '../servicenow/harness.ts';
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
  /** Null: not run. */
  readonly start: ((t: After) => Promise<System>) | null;
  /** Why it is not run. */
  readonly why: string;
  /** A real tenant. */
  readonly tenant: boolean;
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

/** Set in the environment when all of them are, to run against a real tenant. */
function tenantValues<Name extends string>(names: readonly Name[]): Record<Name, string> | null {
  const values = Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
  return Object.values(values).includes('') ? null : (values as Record<Name, string>);
}

/** A real Jira site. Its issues stay there, cancelled or closed. */
function jiraTenant(): Subject {
  const names = ['JIRA_SITE_URL', 'JIRA_PROJECT_KEY', 'JIRA_EMAIL', 'JIRA_API_TOKEN'] as const;
  const values = tenantValues(names);
  const subject = { name: 'jira (tenant)', why: `needs ${names.join(', ')} in the environment`, tenant: true };
  if (!values) return { ...subject, start: null };
  const config = jiraConfig(values.JIRA_SITE_URL, {
    projectKey: values.JIRA_PROJECT_KEY,
    email: 'env:JIRA_EMAIL',
    apiToken: 'env:JIRA_API_TOKEN',
    timeout: 15_000,
    indexLag: 60_000,
  });
  const tickets = () => createJiraTickets({ config, secrets: createSecrets() });
  return { ...subject, start: async () => ({ tickets, lab: null }) };
}

/** A real ServiceNow instance, with Basic sign-in. Its changes stay there, cancelled or closed. */
function serviceNowTenant(): Subject {
  const names = ['SERVICENOW_INSTANCE_URL', 'SERVICENOW_USERNAME', 'SERVICENOW_PASSWORD'] as const;
  const values = tenantValues(names);
  const subject = { name: 'servicenow (tenant)', why: `needs ${names.join(', ')} in the environment`, tenant: true };
  if (!values) return { ...subject, start: null };
  const config = serviceNowConfig(values.SERVICENOW_INSTANCE_URL, {
    username: 'env:SERVICENOW_USERNAME',
    password: 'env:SERVICENOW_PASSWORD',
    assignmentGroup: null,
    timeout: 15_000,
  });
  const tickets = () => createServiceNowTickets({ config, secrets: createSecrets() });
  return { ...subject, start: async () => ({ tickets, lab: null }) };
}

/** Everything that stands behind the ticket port. */
export const SUBJECTS: readonly Subject[] = [
  { name: 'servicenow', start: serviceNow, why: '', tenant: false },
  { name: 'jira', start: jira(false), why: '', tenant: false },
  { name: 'jira service management', start: jira(true), why: '', tenant: false },
  serviceNowTenant(),
  jiraTenant(),
];
