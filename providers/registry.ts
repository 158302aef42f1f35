import type { Config } from '../config/schema.ts';
import type { ChatPort } from './chat/port.ts';
import { createSlackChat } from './chat/slack/chat.ts';
import type { AwsClients } from './cloud/aws/clients.ts';
import type { CmdbPort } from './cmdb/port.ts';
import { createServiceNowCmdb } from './cmdb/servicenow/index.ts';
import type { CnappPort } from './cnapp/port.ts';
import { createWiz } from './cnapp/wiz/index.ts';
import { createCostExplorer } from './cost/aws-cost-explorer/index.ts';
import { createFocusCost } from './cost/focus/index.ts';
import type { CostPort } from './cost/port.ts';
import { createDirectory } from './directory/directory.ts';
import { ProviderError, ProviderErrorKind } from './errors.ts';
import { createNoModel } from './model/none.ts';
import { createOpenAiModel } from './model/openai.ts';
import type { ModelPort } from './model/port.ts';
import type { SecretsPort } from './secrets/port.ts';
import type { CacheStore } from './store/port.ts';
import { createJiraTickets } from './tickets/jira/index.ts';
import type { TicketPort } from './tickets/port.ts';
import { createServiceNowTickets } from './tickets/servicenow/index.ts';
import { createCloudWatch } from './utilisation/cloudwatch/index.ts';
import type { UtilisationPort } from './utilisation/port.ts';

/** What every adapter is made from. */
export interface ProviderParts {
  readonly config: Config;
  readonly secrets: SecretsPort;
}

/** The only list of vendors: configuration names one per capability, and nothing else in the code knows which. */
const CNAPP: Record<Config['cnapp']['vendor'], (parts: ProviderParts) => CnappPort> = {
  wiz: ({ config, secrets }) => createWiz({ config: config.cnapp.wiz, secrets }),
};

const COST: Record<
  Config['cost']['vendor'],
  (parts: ProviderParts & { aws: AwsClients; cache: CacheStore }) => CostPort
> = {
  'aws-cost-explorer': ({ config, aws, cache }) =>
    createCostExplorer({ clients: aws, accounts: config.accounts, config: config.cost, cache }),
  focus: ({ config }) => createFocusCost({ config: config.cost }),
};

const UTILISATION: Record<
  Config['utilisation']['vendor'],
  (parts: ProviderParts & { aws: AwsClients }) => UtilisationPort
> = {
  cloudwatch: ({ config, aws }) => createCloudWatch({ clients: aws, accounts: config.accounts }),
};

const MODEL: Record<Config['model']['vendor'], (parts: ProviderParts) => Promise<ModelPort>> = {
  openai: ({ config, secrets }) => createOpenAiModel({ config: config.model, secrets }),
  none: async () => createNoModel(),
};

const TICKETS: Record<Config['tickets']['vendor'], (parts: ProviderParts) => TicketPort> = {
  servicenow: ({ config, secrets }) => createServiceNowTickets({ config: config.servicenow, secrets }),
  jira: ({ config, secrets }) => {
    if (!config.tickets.jira) throw missingSection('tickets.jira', 'tickets');
    return createJiraTickets({ config: config.tickets.jira, secrets });
  },
};

/** The schema already asks for it; this is for configurations that were put together in code. */
function missingSection(section: string, operation: string): ProviderError {
  const message = `the configuration has no section ${section}, although it is chosen; add it`;
  return new ProviderError({ kind: ProviderErrorKind.Terminal, provider: 'idlewise', operation, message });
}

export function cnappFrom(parts: ProviderParts): CnappPort {
  return CNAPP[parts.config.cnapp.vendor](parts);
}

export function costFrom(parts: ProviderParts & { aws: AwsClients; cache: CacheStore }): CostPort {
  return COST[parts.config.cost.vendor](parts);
}

export function utilisationFrom(parts: ProviderParts & { aws: AwsClients }): UtilisationPort {
  return UTILISATION[parts.config.utilisation.vendor](parts);
}

export function modelFrom(parts: ProviderParts): Promise<ModelPort> {
  return MODEL[parts.config.model.vendor](parts);
}

export function cmdbFrom({ config, secrets }: ProviderParts): CmdbPort {
  return createServiceNowCmdb({ config: config.servicenow, secrets });
}

export function ticketsFrom(parts: ProviderParts): TicketPort {
  return TICKETS[parts.config.tickets.vendor](parts);
}

export function chatFrom({ config, secrets }: ProviderParts): Promise<ChatPort> {
  return createSlackChat({ config: config.slack, secrets, directory: createDirectory(config.directory) });
}
