import { after } from 'node:test';
import type { CnappPort, InventoryPage, InventoryQuery } from '../../../ports/cnapp.ts';
import { createWiz, type WizDeps } from '../../../providers/cnapp/wiz/index.ts';
import { Wiz } from '../../../providers/cnapp/wiz/section.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import { withSyntheticIds } from '../../../sandbox/estate/ids.ts';
import type { Estate } from '../../../sandbox/estate/types.ts';
import { createWizSimulator } from '../../../sandbox/wiz/index.ts';
import type { CloudState, WizSimulatorOptions } from '../../../sandbox/wiz/types.ts';

export const SECRET = 'wiz-secret-5551212';
export const EVERY_TYPE = [
  'AWS::EC2::Instance',
  'AWS::EC2::Volume',
  'AWS::EC2::EIP',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::RDS::DBInstance',
] as const;

export function seededEstate(): Estate {
  return withSyntheticIds(buildEstate({ seed: 7 }));
}

/** A simulator on a free port and the real client pointed at it. Stopped when the test file ends. */
export async function startWiz(
  options: Partial<WizSimulatorOptions> & { client?: Partial<WizDeps>; config?: Partial<Wiz> } = {},
) {
  const { client, config, ...simulatorOptions } = options;
  const estate = options.estate ?? seededEstate();
  const states = new Map<string, CloudState>();
  const simulator = createWizSimulator({
    estate,
    clientSecret: SECRET,
    stateOf: (asset) => states.get(asset.name) ?? 'present',
    resolveDelayMs: 0,
    ...simulatorOptions,
  });
  const base = await simulator.start();
  after(() => simulator.stop());
  const wiz = createWiz({
    config: Wiz.parse({
      tokenUrl: `${base}/oauth/token`,
      apiUrl: `${base}/graphql`,
      clientId: 'env:WIZ_CLIENT_ID',
      clientSecret: 'env:WIZ_CLIENT_SECRET',
      ...config,
    }),
    secrets: { resolve: async (ref) => (ref === 'env:WIZ_CLIENT_ID' ? 'wiz-client' : SECRET) },
    ...client,
  });
  return { wiz, simulator, estate, states, base };
}

export const everythingIn = (accountId: string, region: string, pageSize = 200): InventoryQuery => ({
  accountId,
  region,
  resourceTypes: EVERY_TYPE,
  cursor: null,
  pageSize,
});

export async function readAll(wiz: CnappPort, query: InventoryQuery): Promise<InventoryPage[]> {
  const pages: InventoryPage[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: InventoryPage = await wiz.listAssets({ ...query, cursor });
    pages.push(page);
    if (page.nextCursor === null) return pages;
    cursor = page.nextCursor;
  }
}
