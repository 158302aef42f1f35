import type { z } from 'zod';
import type { Config } from '../config/schema.ts';
import { placesOf } from '../domain/places.ts';
import type { ByProvider } from '../ports/by-provider.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { Cloud } from '../ports/cloud.ts';
import type { CmdbPort } from '../ports/cmdb.ts';
import type { CnappPort } from '../ports/cnapp.ts';
import type { CostPort } from '../ports/cost.ts';
import { ProviderError, ProviderErrorKind } from '../ports/errors.ts';
import type { PeoplePort } from '../ports/people.ts';
import type { ModelPort } from '../ports/model.ts';
import type { RoutingPort } from '../ports/routing.ts';
import type { SecretsPort } from '../ports/secrets.ts';
import type { CacheStore } from '../ports/store.ts';
import type { TelemetrySink } from '../ports/telemetry.ts';
import type { TicketPort } from '../ports/tickets.ts';
import { CHAT_VENDORS, PEOPLE_VENDORS } from '../providers/chat/vendors.ts';
import { CLOUD_VENDORS, type CloudRole } from '../providers/cloud/vendors.ts';
import { CMDB_VENDORS } from '../providers/cmdb/vendors.ts';
import { combineCnapps } from '../providers/cnapp/combined/index.ts';
import { inventoryMemory } from '../providers/cnapp/combined/plausible.ts';
import { CNAPP_VENDORS } from '../providers/cnapp/vendors.ts';
import { combineCosts } from '../providers/cost/combined/index.ts';
import { COST_VENDORS } from '../providers/cost/vendors.ts';
import { createDirectory } from '../providers/directory/directory.ts';
import { MODEL_VENDORS } from '../providers/model/vendors.ts';
import { ROUTING_VENDORS } from '../providers/routing/vendors.ts';
import { TELEMETRY_VENDORS } from '../providers/telemetry/vendors.ts';
import { TICKET_VENDORS } from '../providers/tickets/vendors.ts';
import type { Vendor } from '../providers/vendor.ts';
import type { CloudProvider } from '../schemas/resource-type.ts';

/** What every adapter is made from. */
export interface ProviderParts {
  readonly config: Config;
  readonly secrets: SecretsPort;
}
type WithCache = ProviderParts & { readonly cache: CacheStore };

/** The chosen vendor of a port with its section: no port is made in any other way. */
export async function openVendor<Parts, Port>(
  config: object,
  port: string,
  [name, vendor]: readonly [string, Vendor<z.ZodType | null, Parts, Port, string | undefined>],
  parts: Parts,
): Promise<Port> {
  const at = vendor.at ?? `${port}.${name}`;
  const section =
    vendor.section === null
      ? undefined
      : at.split('.').reduce<unknown>((v, key) => Reflect.get(Object(v), key), config);
  if (vendor.section !== null && section === undefined) {
    // The schema already asks for it; this is for configurations that were put together in code.
    const message = `the configuration has no section ${at}, although it is chosen; add it`;
    throw new ProviderError({ kind: ProviderErrorKind.Terminal, provider: 'idlewise', operation: at, message });
  }
  return vendor.create(section, parts);
}

const named = <K extends string, V>(vendors: Record<K, V>, name: K): readonly [K, V] => [name, vendors[name]];

/** The adapters of every configured cloud, under the rights of one role. */
export async function cloudsFrom({
  config,
  secrets,
  role,
}: ProviderParts & { role: CloudRole }): Promise<ByProvider<Cloud>> {
  const made = Object.entries(CLOUD_VENDORS).map(
    async ([provider, vendor]) => [provider, await vendor.create(config, { secrets, role })] as const,
  );
  return Object.fromEntries((await Promise.all(made)).filter(([, cloud]) => cloud !== null));
}

/** One port over all of `cnapp.vendor`; `cache` remembers how much each source showed, so that little is not believed. */
export async function cnappFrom({ config, secrets, cache }: WithCache): Promise<CnappPort> {
  const { cnapp } = config;
  const sources = cnapp.vendor.map((name) => openVendor(config, 'cnapp', named(CNAPP_VENDORS, name), { secrets }));
  return combineCnapps({
    sources: await Promise.all(sources),
    memory: inventoryMemory(cache),
    implausibleBelow: cnapp.implausibleBelow,
  });
}

/** One port over all of `cost.vendor`; each source is asked about the accounts of the clouds it covers. */
export async function costFrom({ config, secrets, cache }: WithCache): Promise<CostPort> {
  const provider = new Map(placesOf(config).map((place) => [place.accountId, place.provider]));
  const parts = { settings: config.cost, secrets, cache, clouds: config };
  const sources = config.cost.vendor.map(async (name) => {
    const source = await openVendor(config, 'cost', named(COST_VENDORS, name), parts);
    return [source, COST_VENDORS[name].clouds] as const;
  });
  const clouds = new Map<CostPort, readonly CloudProvider[]>(await Promise.all(sources));
  return combineCosts([...clouds.keys()], (source, accountId) => {
    const cloud = provider.get(accountId);
    return cloud !== undefined && (clouds.get(source)?.includes(cloud) ?? false);
  });
}

/** Null: nothing is routed, and our own executor makes every change. */
export function routingFrom({ config, secrets, cache }: WithCache): Promise<RoutingPort | null> {
  const { vendor, timeout: timeoutMs } = config.routing;
  return openVendor(config, 'routing', named(ROUTING_VENDORS, vendor), { secrets, cache, timeoutMs });
}

export function modelFrom({ config, secrets }: ProviderParts): Promise<ModelPort> {
  return openVendor(config, 'model', named(MODEL_VENDORS, config.model.vendor), { secrets });
}

export function cmdbFrom({ config, secrets }: ProviderParts): Promise<CmdbPort> {
  const name = config.servicenow ? 'servicenow' : 'none';
  return openVendor(config, 'cmdb', named(CMDB_VENDORS, name), { secrets });
}

export function ticketsFrom({ config, secrets }: ProviderParts): Promise<TicketPort> {
  return openVendor(config, 'tickets', named(TICKET_VENDORS, config.tickets.vendor), { secrets });
}

/** Who is asked about the people of each chat that the configuration has, whichever is asked in now. */
export async function peopleFrom({ config, secrets }: ProviderParts): Promise<Partial<Record<string, PeoplePort>>> {
  const parts = { secrets, directory: createDirectory(config.directory) };
  const { slack, teams } = PEOPLE_VENDORS;
  return {
    ...(config.slack && { slack: await openVendor(config, 'chat', ['slack', slack], parts) }),
    ...(config.chat.teams && { teams: await openVendor(config, 'chat', ['teams', teams], parts) }),
  };
}

export function chatFrom({ config, secrets, cache }: WithCache): Promise<ChatPort> {
  const directory = createDirectory(config.directory);
  return openVendor(config, 'chat', named(CHAT_VENDORS, config.chat.vendor), { secrets, directory, cache });
}

/** Null: nothing is sent. */
export function telemetryFrom({
  config,
  secrets,
}: {
  readonly config: Pick<Config, 'telemetry'>;
  readonly secrets: SecretsPort;
}): Promise<TelemetrySink | null> {
  const { telemetry } = config;
  return openVendor(config, 'telemetry', named(TELEMETRY_VENDORS, telemetry.vendor), { settings: telemetry, secrets });
}
