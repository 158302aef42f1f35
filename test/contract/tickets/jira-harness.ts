import type { TestContext } from 'node:test';
import { Config } from '../../../config/schema.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { JiraConfig } from '../../../providers/tickets/jira/client.ts';
import { createJiraTickets } from '../../../providers/tickets/jira/index.ts';
import { createJiraSimulator, type JiraSimulator, type JiraSimulatorOptions } from '../../../sandbox/jira/index.ts';

/** The secrets of the sandbox site. */
export const jiraSecrets: SecretsPort = {
  resolve: async (reference) => {
    const values: Record<string, string> = {
      'env:J_EMAIL': 'idlewise.integration@acme.example',
      'env:J_TOKEN': 'sandbox-api-token',
      'env:J_BEARER': 'sandbox-bearer',
      'env:J_WRONG': 'wrong',
    };
    const value = values[reference];
    if (value === undefined) throw new Error(`no secret ${reference}`);
    return value;
  },
};

export function jiraConfig(siteUrl: string, overrides: Partial<JiraConfig> = {}): JiraConfig {
  const { jira } = Config.shape.tickets.parse({
    vendor: 'jira',
    jira: { siteUrl, email: 'env:J_EMAIL', apiToken: 'env:J_TOKEN', projectKey: 'OPS', timeout: 1500, indexLag: 400 },
  });
  if (!jira) throw new Error('the section was given');
  return { ...jira, ...overrides };
}

export interface Site {
  readonly sim: JiraSimulator;
  readonly url: string;
  readonly config: JiraConfig;
  /** Requests of the journal that match. */
  calls(method: string, path: RegExp): number;
  /** Posts to the admin interface. */
  admin(path: string, body: unknown): Promise<Record<string, unknown>>;
}

/** A running site; stopped when the test ends. Its index lags a little, as a real one's does. */
export async function startSite(
  t: Pick<TestContext, 'after'>,
  options: { sim?: JiraSimulatorOptions; config?: Partial<JiraConfig>; stateFile?: string } = {},
): Promise<Site> {
  const { stateFile } = options;
  const sim = createJiraSimulator({ ...(stateFile ? { stateFile } : {}), options: { indexLagMs: 60, ...options.sim } });
  const url = await sim.start();
  t.after(() => sim.stop());
  return {
    sim,
    url,
    config: jiraConfig(url, options.config),
    calls: (method, path) => sim.journal.entries().filter((e) => e.method === method && path.test(e.path)).length,
    admin: async (path, body) => {
      const answer = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
      return (await answer.json()) as Record<string, unknown>;
    },
  };
}

export function jiraTicketsOn({ config }: Pick<Site, 'config'>) {
  return createJiraTickets({ config, secrets: jiraSecrets, search: { attempts: 6, everyMs: 30 } });
}
