import assert from 'node:assert/strict';
import { Cost, type CostVendor } from '../../../config/cost.ts';
import { loadConfig } from '../../../config/load.ts';
import { placesOf } from '../../../domain/places.ts';
import type { Config } from '../../../config/schema.ts';
import type { CostPort } from '../../../ports/cost.ts';
import { costKeys } from '../../../domain/cloud-ids/index.ts';
import { COST_VENDORS } from '../../../providers/cost/vendors.ts';
import { ProviderError } from '../../../ports/errors.ts';
import { costFrom } from '../../../compose/registry.ts';
import { createSecrets } from '../../../providers/secrets/create-secrets.ts';
import { billOf } from '../../../sandbox/clouds/bill.ts';
import { createCloudWorld } from '../../../sandbox/clouds/world.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import { withSyntheticIds } from '../../../sandbox/estate/ids.ts';
import type { SeededAsset } from '../../../sandbox/estate/types.ts';
import type { ConfigInput } from '../../../sandbox/kit/part.ts';
import { PARTS } from '../../../sandbox/parts.ts';
import { AssetCost } from '../../../schemas/cost.ts';
import { memoryCache } from './memory-cache.ts';
import { type After, type Case, runSuite, type Subject, TENANT_CONFIG } from './run-suite.ts';
import { type StartedPart, startPart } from './start-part.ts';

interface CostSystem {
  readonly cost: CostPort;
  readonly accountId: string;
  readonly lab: (StartedPart & { readonly assets: readonly SeededAsset[] }) | null;
}

/** Which simulator a vendor reads, and whose bill it is shown here. Cost Explorer needs an AWS: its suite is beside it. */
const EMBEDDED = {
  azure: { part: PARTS['azure-cost'], cloud: 'azure' },
  gcp: { part: PARTS['gcp-billing'], cloud: 'gcp' },
  vantage: { part: PARTS.vantage, cloud: 'gcp' },
  cloudhealth: { part: PARTS.cloudhealth, cloud: 'azure' },
} as const;

async function embedded(vendor: keyof typeof EMBEDDED, t: After): Promise<CostSystem> {
  const { part, cloud } = EMBEDDED[vendor];
  const estate = withSyntheticIds(buildEstate({ seed: 7, clouds: [cloud] }));
  const { assets } = estate;
  const world = createCloudWorld({ estate, assets, diskKey: (asset, disk) => `${asset.assetKey}/${disk}` });
  const bill = billOf(world, {
    instance: 'Compute',
    volume: 'Storage',
    address: 'Network',
    'load-balancer': 'Network',
    database: 'SQL',
    resource: 'Other',
  });
  const config = { cost: { vendor } } as unknown as ConfigInput;
  const started = await startPart(t, part, { estate, config, bill });
  const accountId = assets.find((a) => a.commitment !== undefined)?.accountId ?? '';
  const place = { name: 'dev', regions: ['x'], phase: 'observe', phaseByRegion: {} };
  const full = {
    cost: Cost.parse(config.cost),
    accounts: [],
    ...(cloud === 'gcp'
      ? { gcp: { projects: [{ ...place, projectId: accountId }] } }
      : { azure: { subscriptions: [{ ...place, subscriptionId: accountId }] } }),
  } as unknown as Config;
  const cost = await costFrom({ config: full, secrets: started.secrets, cache: memoryCache() });
  return { cost, accountId, lab: { ...started, assets } };
}

async function tenant(vendor: CostVendor): Promise<CostSystem> {
  const config = await loadConfig(TENANT_CONFIG ?? undefined);
  const only = { ...config, cost: { ...config.cost, vendor: [vendor] } };
  const clouds: readonly string[] = COST_VENDORS[vendor].clouds;
  const place = placesOf(config).find((p) => clouds.includes(p.provider));
  const cost = await costFrom({ config: only, secrets: createSecrets({ config }), cache: memoryCache() });
  return { cost, accountId: place?.accountId ?? '', lab: null };
}

const SUBJECTS: readonly Subject<CostSystem>[] = (Object.keys(EMBEDDED) as (keyof typeof EMBEDDED)[]).flatMap(
  (name) => [
    { name, start: (t: After) => embedded(name, t) },
    {
      name: `${name}, real tenant`,
      tenant: true,
      start: TENANT_CONFIG === null ? null : () => tenant(name),
      why: 'IDLEWISE_CONTRACT_CONFIG names no configuration',
    },
  ],
);

const now = () => new Date().toISOString();
const read = ({ cost, accountId }: CostSystem) => cost.accountCosts({ accountId, asOf: now() });
const labOf = (system: CostSystem) => {
  assert.ok(system.lab);
  return system.lab;
};

const CASES: readonly Case<CostSystem>[] = [
  {
    name: 'the check is one sentence',
    tenant: true,
    run: async ({ cost }) => assert.match(await cost.check(), /\S{2,}/),
  },
  {
    name: 'costs have FOCUS names, decimal text and a currency',
    tenant: true,
    run: async (system) => {
      for (const cost of (await read(system)).byResource.values()) assert.deepEqual(AssetCost.parse(cost), cost);
    },
  },
  {
    name: 'the run-rate of every asset is what it costs a day, times a month',
    run: async (system) => {
      const costs = await read(system);
      const billed = labOf(system).assets.filter((a) => a.accountId === system.accountId && a.dailyCost !== null);
      assert.ok(billed.length > 5);
      for (const asset of billed) {
        const found = costKeys(asset)
          .map((key) => costs.byResource.get(key))
          .find((c) => c !== undefined);
        assert.ok(found, `${asset.name} has no cost`);
        const perDay = Number(found.monthlyRunRate) / (365 / 12);
        assert.ok(Math.abs(perDay - Number(asset.dailyCost)) < 0.01 * Number(asset.dailyCost), asset.name);
      }
    },
  },
  {
    name: 'what is not on the bill has no cost, which is not zero',
    run: async (system) => {
      const { byResource } = await read(system);
      const free = labOf(system).assets.filter((a) => a.accountId === system.accountId && a.dailyCost === null);
      for (const asset of free)
        assert.deepEqual(
          costKeys(asset).filter((key) => byResource.has(key)),
          [],
        );
    },
  },
  {
    name: 'a commitment that covers an asset is told',
    run: async (system) => {
      const { byResource } = await read(system);
      const covered = labOf(system).assets.find((a) => a.accountId === system.accountId && a.commitment !== undefined);
      if (!covered) return 'nothing in this account is covered';
      const found = costKeys(covered)
        .map((key) => byResource.get(key))
        .find((c) => c !== undefined);
      assert.ok((found?.commitmentCoverage ?? 0) > 0, covered.name);
      return null;
    },
  },
  {
    name: 'asked again for the same day, it makes no request',
    run: async (system) => {
      const lab = labOf(system);
      const asOf = now();
      await system.cost.accountCosts({ accountId: system.accountId, asOf });
      const before = lab.simulator.journal.entries().length;
      await system.cost.accountCosts({ accountId: system.accountId, asOf });
      assert.equal(lab.simulator.journal.entries().length, before);
    },
  },
  {
    name: 'a refusal is unauthorised, and no error says a secret',
    run: async (system) => {
      const lab = labOf(system);
      lab.simulator.faults.push({ kind: 'status', status: 401, responseBody: '{"error":"unauthorized"}', times: 200 });
      const error = await read(system).catch((e: unknown) => e);
      assert.ok(error instanceof ProviderError, String(error));
      assert.equal(error.kind, 'unauthorised');
      for (const secret of lab.secretValues()) assert.ok(!`${error.message}${error.stack}`.includes(secret));
    },
  },
  {
    name: 'a page of HTML instead of an answer is no bill',
    run: async (system) => {
      labOf(system).simulator.faults.push({ kind: 'html-error', times: 200 });
      const error = await read(system).catch((e: unknown) => e);
      assert.ok(error instanceof ProviderError && ['unavailable', 'malformed'].includes(error.kind), String(error));
    },
  },
];

runSuite('cost', SUBJECTS, CASES);
