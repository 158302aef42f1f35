import { CnappVendor } from '../../../config/cnapp.ts';
import { loadConfig } from '../../../config/load.ts';
import { placesOf } from '../../../domain/places.ts';
import type { CnappPort, InventoryPage, KnownAsset } from '../../../ports/cnapp.ts';
import { CNAPP_VENDORS } from '../../../providers/cnapp/vendors.ts';
import { cnappFrom } from '../../../compose/registry.ts';
import { createSecrets } from '../../../providers/secrets/create-secrets.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import { withSyntheticIds } from '../../../sandbox/estate/ids.ts';
import type { SeededAsset } from '../../../sandbox/estate/types.ts';
import type { ConfigInput } from '../../../sandbox/kit/part.ts';
import { PARTS } from '../../../sandbox/parts.ts';
import type { ResourceType } from '../../../schemas/resource-type.ts';
import { type After, type Subject, TENANT_CONFIG } from './run-suite.ts';
import { type StartedPart, startPart } from './start-part.ts';

export interface CnappSystem {
  readonly cnapp: CnappPort;
  /** An account and region with assets in it. */
  readonly place: { readonly accountId: string; readonly region: string };
  /** Null for a real tenant. */
  readonly lab: (StartedPart & { readonly assets: readonly SeededAsset[] }) | null;
}

export const TYPES: readonly ResourceType[] = [
  'AWS::EC2::Instance',
  'AWS::EC2::Volume',
  'AWS::EC2::EIP',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
];

async function embedded(vendor: CnappVendor, t: After): Promise<CnappSystem> {
  const estate = withSyntheticIds(buildEstate({ seed: 7 }));
  const config = { cnapp: { vendor } } as unknown as ConfigInput;
  const part = await startPart(t, PARTS[vendor], { estate, config });
  const { section, create } = CNAPP_VENDORS[vendor];
  const make = create as (section: unknown, parts: { secrets: StartedPart['secrets'] }) => Promise<CnappPort>;
  const cnapp = await make(section.parse(config.cnapp[vendor]), { secrets: part.secrets });
  const place = { accountId: '111122223333', region: 'us-east-1' };
  return { cnapp, place, lab: { ...part, assets: estate.assets } };
}

async function tenant(vendor: CnappVendor): Promise<CnappSystem> {
  const config = await loadConfig(TENANT_CONFIG ?? undefined);
  const cache = { get: async () => null, put: async () => {} };
  const cnapp = await cnappFrom({
    config: { ...config, cnapp: { ...config.cnapp, vendor: [vendor] } },
    secrets: createSecrets({ config }),
    cache: cache as unknown as Parameters<typeof cnappFrom>[0]['cache'],
  });
  const [first] = placesOf(config);
  return { cnapp, place: { accountId: first?.accountId ?? '', region: first?.regions[0] ?? '' }, lab: null };
}

export const SUBJECTS: readonly Subject<CnappSystem>[] = CnappVendor.options.flatMap((vendor) => [
  { name: vendor, start: (t: After) => embedded(vendor, t) },
  {
    name: `${vendor}, real tenant`,
    tenant: true,
    start: TENANT_CONFIG === null ? null : () => tenant(vendor),
    why: 'IDLEWISE_CONTRACT_CONFIG names no configuration',
  },
]);

export async function readAll(system: CnappSystem, pageSize: number): Promise<InventoryPage[]> {
  const pages: InventoryPage[] = [];
  let cursor: string | null = null;
  do {
    const page: InventoryPage = await system.cnapp.listAssets({
      ...system.place,
      resourceTypes: TYPES,
      cursor,
      pageSize,
    });
    pages.push(page);
    cursor = page.nextCursor;
  } while (cursor !== null && pages.length < 500);
  return pages;
}

export async function find(system: CnappSystem, name: string): Promise<KnownAsset> {
  const found = (await readAll(system, 200)).flatMap((p) => p.assets).find((a) => a.name === name);
  if (!found) throw new Error(`${system.cnapp.vendor} lists no ${name}`);
  return found;
}
