import type { AlertStore } from './alerts.ts';
import type { Collections } from './collections.ts';
import { complianceRows, DATASET } from './compliance.ts';
import { containerRows, imageRows } from './images.ts';
import { inventoryRows } from './inventory.ts';
import { machineRows } from './machines.ts';
import { CSP } from './names.ts';
import { runQuery } from './queries.ts';
import { apply, BadRequest, readSearch, type SearchBody } from './search.ts';
import type { LaceworkSimulatorOptions, Row, World } from './types.ts';
import { hostRows } from './vulnerabilities.ts';

export interface Routes {
  readonly world: World;
  readonly collections: Collections;
  readonly alerts: AlertStore;
  readonly options: LaceworkSimulatorOptions;
}

/** Where a row keeps the time a search spans, and what else its body may hold. */
interface SearchRoute {
  readonly keys: readonly string[];
  readonly time: string | null;
  readonly rows: (r: Routes, search: SearchBody) => readonly Row[];
}

const SEARCHES: Readonly<Record<string, SearchRoute>> = {
  'Inventory/search': {
    keys: ['csp', 'dataset'],
    time: null,
    rows: ({ world, collections, options }, { more, from, to }) => {
      const csp = String(more['csp'] ?? '');
      if (!Object.values<string>(CSP).includes(csp)) throw new BadRequest('csp must be AWS, Azure or GCP');
      return inventoryRows(world, collections, { csp, from, to, malformed: options.malformedRows ?? true });
    },
  },
  'Entities/Machines/search': {
    keys: [],
    time: 'startTime',
    rows: ({ world, options }) => machineRows(world, options.silentAgents ?? ['devbox-2']),
  },
  'Vulnerabilities/Hosts/search': { keys: [], time: 'startTime', rows: ({ world }) => hostRows(world) },
  'Vulnerabilities/Containers/search': { keys: [], time: 'startTime', rows: ({ world }) => containerRows(world) },
  'VulnerabilityObservations/ImageSummary/search': {
    keys: [],
    time: 'startTime',
    rows: ({ world }) => imageRows(world),
  },
  'Configs/ComplianceEvaluations/search': {
    keys: ['dataset'],
    time: 'reportTime',
    rows: ({ world }, { more }) => {
      const dataset = String(more['dataset'] ?? '');
      if (!DATASET[dataset]) throw new BadRequest('Invalid request: dataset');
      return complianceRows(world, dataset);
    },
  },
  'Alerts/search': { keys: [], time: 'startTime', rows: ({ alerts }) => alerts.rows() },
};

/** The rows of a search; undefined when the path is none. */
export async function search(routes: Routes, path: string, body: unknown): Promise<readonly Row[] | undefined> {
  const route = SEARCHES[path];
  if (!route) return path === 'Queries/execute' ? runQuery(routes.world, body) : undefined;
  const read = readSearch(body, route.keys, routes.world.clock());
  // A long history is read by the week; looking at the cloud once for it is enough.
  if (path === 'Alerts/search' && routes.world.clock() - read.to < 60_000) await routes.alerts.settle();
  const { time } = route;
  const within = (row: Row): boolean => {
    const at = time === null ? read.from : Date.parse(String(row[time]));
    return at >= read.from && at <= read.to;
  };
  return apply(route.rows(routes, read).filter(within), read);
}

/** `CloudAccounts`: one integration for each account, its `enabled` a number. */
export function cloudAccounts({ estate, clock }: World): readonly Row[] {
  const type = (id: string) => (/^\d{12}$/.test(id) ? 'AwsCfg' : /^[0-9a-f]{8}-/.test(id) ? 'AzureCfg' : 'GcpCfg');
  return estate.accounts.map(({ accountId, name }) => ({
    intgGuid: `INTG_${accountId}`,
    name,
    type: type(accountId),
    enabled: 1,
    state: { ok: true, lastUpdatedTime: clock(), lastSuccessfulTime: clock(), details: {} },
  }));
}
