import { existsSync, readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { Config } from '../../../config/schema.ts';
import { ServiceNow } from '../../../providers/servicenow/section.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { createServiceNowClient, type ServiceNowClient } from '../../../providers/servicenow/client.ts';
import type { TicketDraft } from '../../../ports/tickets.ts';
import { createServiceNowTickets } from '../../../providers/tickets/servicenow/index.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import { withSyntheticIds } from '../../../sandbox/estate/ids.ts';
import type { Estate } from '../../../sandbox/estate/types.ts';
import {
  createServiceNowSimulator,
  type ServiceNowSimulator,
  type ServiceNowSimulatorOptions,
} from '../../../sandbox/servicenow/index.ts';

export const INTEGRATION = 'idlewise.integration';

/** The secrets of the sandbox instance. */
export const secrets: SecretsPort = {
  resolve: async (reference) => {
    const values: Record<string, string> = {
      'env:SN_USER': INTEGRATION,
      'env:SN_PASSWORD': 'sandbox-password',
      'env:SN_CLIENT_ID': 'idlewise-sandbox',
      'env:SN_CLIENT_SECRET': 'sandbox-client-secret',
      'env:SN_WRONG': 'wrong',
    };
    const value = values[reference];
    if (value === undefined) throw new Error(`no secret ${reference}`);
    return value;
  },
};

export type ServiceNowConfig = NonNullable<Config['servicenow']>;

export function serviceNowConfig(instanceUrl: string, overrides: Partial<ServiceNowConfig> = {}): ServiceNowConfig {
  const base = ServiceNow.parse({
    instanceUrl,
    grant: 'basic',
    username: 'env:SN_USER',
    password: 'env:SN_PASSWORD',
    clientId: 'env:SN_CLIENT_ID',
    clientSecret: 'env:SN_CLIENT_SECRET',
    ciTable: 'cmdb_ci_vm_object',
    assignmentGroup: 'Change Management',
    timeout: 1500,
  });
  return { ...base, ...overrides };
}

export interface Instance {
  readonly sim: ServiceNowSimulator;
  readonly estate: Estate;
  readonly config: ServiceNowConfig;
  readonly client: ServiceNowClient;
  /** Requests of the journal that match, as `METHOD path`. */
  calls(method: string, path: RegExp): number;
  /** Posts to the admin interface. */
  admin(path: string, body: unknown): Promise<Record<string, unknown>>;
}

/** A running instance over the seeded estate; stopped when the test ends. */
export async function startInstance(
  t: Pick<TestContext, 'after'>,
  options: {
    sim?: ServiceNowSimulatorOptions;
    config?: Partial<ServiceNowConfig>;
    stateFile?: string;
    port?: number;
  } = {},
): Promise<Instance> {
  const estate = withSyntheticIds(buildEstate({ seed: 7, now: 1_780_000_000 }));
  const { stateFile, port = 0 } = options;
  const sim = createServiceNowSimulator({ estate, ...(stateFile ? { stateFile } : {}), options: { ...options.sim } });
  const url = await sim.start(port);
  t.after(() => sim.stop());
  const config = serviceNowConfig(url, options.config);
  return {
    sim,
    estate,
    config,
    client: createServiceNowClient({ config, secrets }),
    calls: (method, path) => sim.journal.entries().filter((e) => e.method === method && path.test(e.path)).length,
    admin: async (path, body) => {
      const answer = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
      return (await answer.json()) as Record<string, unknown>;
    },
  };
}

export function ticketsOn({ config }: Pick<Instance, 'config'>) {
  return createServiceNowTickets({ config, secrets, search: { attempts: 3, everyMs: 20 } });
}

export function draft(overrides: Partial<TicketDraft> = {}): TicketDraft {
  return {
    correlationId: 'remediate/acme/arn:aws:ec2:eu-central-1:111122223333:instance/i-0123456789abcdef0/ec2-idle',
    title: 'Stop idle instance web-idle-1',
    description: 'No load for 14 days.',
    justification: 'Saves 61.20 USD per month.',
    implementationPlan: 'Stop the instance.',
    backoutPlan: 'Start the instance.',
    riskLevel: 'low',
    ciId: null,
    assignmentGroup: null,
    requestedFor: null,
    ...overrides,
  };
}

/** The vendor's own OpenAPI export, when it is at hand. */
export function vendorSpec(name: string): object | null {
  const path = new URL(`../../../../shared/specs/${name}`, import.meta.url);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as object) : null;
}
