import { placesOf } from '../domain/places.ts';
import type { Config } from '../config/schema.ts';
import type { CloudProvider } from '../schemas/resource-type.ts';
import type { ChatPort } from '../ports/chat.ts';
import { createSlackChat } from '../providers/chat/slack/chat.ts';
import { createTeamsChat } from '../providers/chat/teams/chat.ts';
import { createAwsCloud } from '../providers/cloud/aws/index.ts';
import { createAzureCloud } from '../providers/cloud/azure/index.ts';
import type { ByProvider } from '../ports/by-provider.ts';
import { createGcpCloud } from '../providers/cloud/gcp/index.ts';
import type { Cloud } from '../ports/cloud.ts';
import { createNoCmdb } from '../providers/cmdb/none.ts';
import type { CmdbPort } from '../ports/cmdb.ts';
import { createServiceNowCmdb } from '../providers/cmdb/servicenow/index.ts';
import { combineCnapps } from '../providers/cnapp/combined/index.ts';
import { inventoryMemory } from '../providers/cnapp/combined/plausible.ts';
import type { CnappPort } from '../ports/cnapp.ts';
import { CNAPP_VENDORS } from '../providers/cnapp/vendors.ts';
import { combineCosts } from '../providers/cost/combined/index.ts';
import type { CostPort } from '../ports/cost.ts';
import { COST_VENDORS } from '../providers/cost/vendors.ts';
import { createDirectory } from '../providers/directory/directory.ts';
import { ProviderError, ProviderErrorKind } from '../ports/errors.ts';
import { createNoModel } from '../providers/model/none.ts';
import { createOpenAiModel } from '../providers/model/openai.ts';
import type { ModelPort } from '../ports/model.ts';
import { createGitHubRouting } from '../providers/routing/github/index.ts';
import { createGitLabRouting } from '../providers/routing/gitlab/index.ts';
import type { RoutingPort } from '../ports/routing.ts';
import { createWebhookRouting } from '../providers/routing/webhook/index.ts';
import type { SecretsPort } from '../ports/secrets.ts';
import type { CacheStore } from '../ports/store.ts';
import { createJiraTickets } from '../providers/tickets/jira/index.ts';
import type { TicketPort } from '../ports/tickets.ts';
import { createServiceNowTickets } from '../providers/tickets/servicenow/index.ts';

/** What every adapter is made from. */
export interface ProviderParts {
  readonly config: Config;
  readonly secrets: SecretsPort;
}

/** Whose rights an adapter of a cloud carries. */
export type CloudRole = 'read' | 'execute';

/** The only list of vendors: configuration names them, and nothing else in the code knows which. */
const CLOUDS: Record<CloudProvider, (parts: ProviderParts & { role: CloudRole }) => Cloud | null> = {
  aws: ({ config, secrets, role }) => (config.accounts.length === 0 ? null : createAwsCloud({ config, secrets, role })),
  azure: ({ config, secrets, role }) => createAzureCloud({ config, secrets, role }),
  gcp: ({ config, secrets, role }) => createGcpCloud({ config, secrets, role }),
};

const EVERY_CLOUD: readonly CloudProvider[] = ['aws', 'azure', 'gcp'];

const MODEL: Record<Config['model']['vendor'], (parts: ProviderParts) => Promise<ModelPort>> = {
  openai: ({ config, secrets }) => createOpenAiModel({ config: config.model, secrets }),
  none: async () => createNoModel(),
};

const TICKETS: Record<Config['tickets']['vendor'], (parts: ProviderParts) => TicketPort> = {
  servicenow: ({ config, secrets }) =>
    createServiceNowTickets({ config: chosen(config.servicenow, 'servicenow'), secrets }),
  jira: ({ config, secrets }) => createJiraTickets({ config: chosen(config.tickets.jira, 'tickets.jira'), secrets }),
};

/** The schema already asks for it; this is for configurations that were put together in code. */
function chosen<T>(section: T | undefined, name: string): T {
  if (section !== undefined) return section;
  const message = `the configuration has no section ${name}, although it is chosen; add it`;
  throw new ProviderError({ kind: ProviderErrorKind.Terminal, provider: 'idlewise', operation: name, message });
}

/** The adapters of every configured cloud, under the rights of one role. */
export function cloudsFrom(parts: ProviderParts & { role: CloudRole }): ByProvider<Cloud> {
  const found: ByProvider<Cloud> = {};
  for (const provider of EVERY_CLOUD) {
    const cloud = CLOUDS[provider](parts);
    if (cloud !== null) found[provider] = cloud;
  }
  return found;
}

/** One port over all of `cnapp.vendor`; `cache` remembers how much each source showed, so that little is not believed. */
export async function cnappFrom({ config, secrets, cache }: ProviderParts & { cache: CacheStore }): Promise<CnappPort> {
  const { cnapp } = config;
  const sources = cnapp.vendor.map((vendor) =>
    // The table pairs each section with the factory that takes it, which a union over all vendors cannot express.
    (CNAPP_VENDORS[vendor].create as CreateCnapp)(chosen(cnapp[vendor], `cnapp.${vendor}`), { secrets }),
  );
  return combineCnapps({
    sources: await Promise.all(sources),
    memory: inventoryMemory(cache),
    implausibleBelow: cnapp.implausibleBelow,
  });
}

type CreateCnapp = (section: unknown, parts: { readonly secrets: SecretsPort }) => Promise<CnappPort>;

/** One port over all of `cost.vendor`; each source is asked about the accounts of the clouds it covers. */
export async function costFrom(parts: ProviderParts & { cache: CacheStore }): Promise<CostPort> {
  const provider = new Map(placesOf(parts.config).map((place) => [place.accountId, place.provider]));
  const sources = await Promise.all(
    parts.config.cost.vendor.map(async (name) => {
      const vendor = COST_VENDORS[name];
      return [await vendor.create(parts, chosen), vendor.clouds as readonly CloudProvider[]] as const;
    }),
  );
  const clouds = new Map(sources);
  return combineCosts([...clouds.keys()], (source, accountId) => {
    const cloud = provider.get(accountId);
    return cloud !== undefined && (clouds.get(source)?.includes(cloud) ?? false);
  });
}

/** Null: nothing is routed, and our own executor makes every change. */
export function routingFrom({ config, secrets, cache }: ProviderParts & { cache: CacheStore }): RoutingPort | null {
  const { routing } = config;
  const timeoutMs = routing.timeout;
  switch (routing.vendor) {
    case 'none':
      return null;
    case 'github':
      return createGitHubRouting({ config: chosen(routing.github, 'routing.github'), secrets, timeoutMs });
    case 'gitlab':
      return createGitLabRouting({ config: chosen(routing.gitlab, 'routing.gitlab'), secrets, timeoutMs });
    case 'webhook':
      return createWebhookRouting({ config: chosen(routing.webhook, 'routing.webhook'), secrets, cache, timeoutMs });
  }
}

export function modelFrom(parts: ProviderParts): Promise<ModelPort> {
  return MODEL[parts.config.model.vendor](parts);
}

export function cmdbFrom({ config, secrets }: ProviderParts): CmdbPort {
  return config.servicenow ? createServiceNowCmdb({ config: config.servicenow, secrets }) : createNoCmdb();
}

export function ticketsFrom(parts: ProviderParts): TicketPort {
  return TICKETS[parts.config.tickets.vendor](parts);
}

export async function chatFrom(parts: ProviderParts & { cache: CacheStore }): Promise<ChatPort> {
  const { config, secrets, cache } = parts;
  const directory = createDirectory(config.directory);
  switch (config.chat.vendor) {
    case 'slack':
      return createSlackChat({ config: chosen(config.slack, 'slack'), secrets, directory });
    case 'teams':
      return createTeamsChat({ config: chosen(config.chat.teams, 'chat.teams'), secrets, directory, cache });
  }
}
