import type { Context, Hono } from 'hono';
import { kindOf } from '../estate/kinds.ts';
import { hexOf, keyOf } from '../estate/random.ts';
import type { SeededAsset } from '../estate/types.ts';
import { cloudId, cloudOf } from './catalogue.ts';
import { DEPLOYED, REGISTRY } from './compute-images.ts';
import type { Row } from './types.ts';
import type { World } from './world.ts';

const iso = (epochMs: number): string => new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z');

/** The Compute API below one path; the guard and the login are the caller's. */
export function registerCompute(app: Hono, world: World): void {
  app.get('/hosts', async (c) => {
    for (const asset of wantedAssets(c, world)) await world.look(asset);
    const { scan } = world.state;
    if (scan.pollsLeft !== null && --scan.pollsLeft <= 0)
      Object.assign(scan, { pollsLeft: null, scanTime: world.clock() });
    world.state.save();
    const hosts = wantedAssets(c, world).filter((asset) => world.sight(asset).state !== 'gone');
    return list(
      c,
      hosts.map((asset) => hostRow(world, asset)),
    );
  });
  app.get('/images', (c) => images(c, DEPLOYED, (row) => tagText(row)));
  app.get('/registry', (c) => images(c, REGISTRY, (row) => `${tagText(row)} ${JSON.stringify(row['repoDigests'])}`));
  app.get('/audits/incidents', (c) =>
    list(
      c,
      wantedAssets(c, world).flatMap((asset) => incidentRows(world, asset, c)),
    ),
  );
  app.post('/agentless/scan', (c) => {
    Object.assign(world.state.scan, { pollsLeft: world.scanPolls });
    world.state.save();
    return c.body('', 200);
  });
  app.get('/agentless/progress', (c) => {
    const running = world.state.scan.pollsLeft !== null;
    return c.json([{ type: 'agentless', title: 'Agentless scan', scanned: running ? 0 : 1, total: 1, error: '' }]);
  });
}

/** At most 50 rows, whatever is asked for; nothing at all comes as null. */
function list(c: Context, rows: readonly Row[]): Response {
  const offset = Number(c.req.query('offset') ?? 0);
  const limit = Math.min(Number(c.req.query('limit') ?? 50), 50);
  c.header('Total-Count', String(rows.length));
  const page = rows.slice(offset, offset + limit);
  return c.json(page.length > 0 ? page : null);
}

function wantedAssets(c: Context, world: World): readonly SeededAsset[] {
  const ids = c.req.query('resourceIDs')?.split(',');
  const accounts = c.req.query('accountIDs')?.split(',');
  return world.estate.assets.filter(
    (asset) =>
      kindOf(asset.resourceType) === 'instance' &&
      (!ids || ids.includes(cloudId(world.estate.seed, asset))) &&
      (!accounts || accounts.includes(asset.accountId)),
  );
}

function hostRow(world: World, asset: SeededAsset): Row {
  const { estate, state } = world;
  const found = asset.posture.findings.filter((f) => f.kind === 'vulnerability');
  const hostname = `ip-10-${keyOf(estate.seed, asset.name) % 250}`;
  return {
    _id: `${hostname}-${asset.name}`,
    hostname,
    type: 'host',
    scanTime: iso(state.scan.scanTime ?? (estate.seededAt - 3600) * 1000),
    agentless: true,
    stopped: world.sight(asset).state === 'stopped',
    err: '',
    cloudMetadata: {
      accountID: asset.accountId,
      provider: cloudOf(asset),
      region: asset.region,
      resourceID: cloudId(estate.seed, asset),
    },
    vulnerabilities:
      found.length === 0
        ? null
        : found.map((f) => ({
            cve: f.cve ?? f.title,
            severity: f.severity.toLowerCase(),
            cvss: 9.8,
            status: 'fixed in 9.9.9',
            packageName: 'library',
            packageVersion: '1.0.0',
            discovered: iso((estate.seededAt - 20 * 86_400) * 1000),
            exploit: f.kev ? 'cisa-kev' : f.exploit ? 'exploit-db' : '',
          })),
    vulnerabilityDistribution: { total: found.length },
  };
}

/** A machine that talks to a mining pool is what the runtime sensor sees. */
function incidentRows(world: World, asset: SeededAsset, c: Context): Row[] {
  const { estate } = world;
  const time = iso((estate.seededAt - 5 * 86_400) * 1000);
  if (time < (c.req.query('from') ?? '')) return [];
  return asset.posture.findings
    .filter((f) => f.kind === 'threat' && /mining/i.test(f.title))
    .map((f) => ({
      _id: hexOf(keyOf(estate.seed, `incident/${asset.name}/${f.title}`), 24),
      time,
      category: 'cryptoMiner',
      type: 'host',
      hostname: asset.name,
      accountID: asset.accountId,
      provider: cloudOf(asset),
      region: asset.region,
      resourceID: cloudId(estate.seed, asset),
      acknowledged: false,
      audits: [
        {
          attackType: 'cryptoMinerProcess',
          severity: 'high',
          effect: 'alert',
          processPath: '/opt/xm',
          time,
          msg: f.title,
        },
      ],
    }));
}

function tagText(row: Row): string {
  const { registry, repo, tag, digest } = row['repoTag'] as Record<string, string>;
  return `${registry}/${repo}:${tag} ${digest ?? ''}`;
}

/** `search` looks at names, `id` at the image id; `compact` leaves the vulnerabilities out. */
function images(c: Context, rows: readonly Row[], text: (row: Row) => string): Response {
  const { search, id, compact } = c.req.query();
  const found = rows.filter((row) => (!search || text(row).includes(search)) && (!id || row['id'] === id));
  return list(c, compact === 'true' ? found.map(({ vulnerabilities: _, ...row }) => row) : found);
}
