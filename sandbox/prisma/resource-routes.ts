import type { Context, Hono, MiddlewareHandler } from 'hono';
import type { SeededAsset } from '../estate/types.ts';
import { bodyOf, refuse } from './answers.ts';
import { assetIdOf, cloudId, rrnOf } from './catalogue.ts';
import { pageOf, readToken, tokenOf } from './paging.ts';
import { networkRules, resourceRow } from './resource-rows.ts';
import type { Row } from './types.ts';
import type { World } from './world.ts';

/** Reads of one asset by its resource name, and what it may do. */
export function registerResources(app: Hono, world: World, limited: (route: string) => MiddlewareHandler): void {
  const byRrn = (path: string, answer: (asset: SeededAsset) => Row | Row[]) =>
    app.post(path, limited(path), async (c) => {
      const asset = find(world, (await bodyOf(c))['rrn']);
      if (!asset) return refuse(c, 404, 'resource_not_found');
      await world.look(asset);
      return c.json(answer(asset));
    });
  byRrn('/resource', (asset) => {
    // The unified id is only in search results.
    const { assetId: _, ...row } = resourceRow(world, asset);
    return row;
  });
  byRrn('/resource/network', networkRules);
  byRrn('/resource/external_finding', (asset) => externalFindings(world, asset));
  app.post('/api/v1/permission', limited('/api/v1/permission'), async (c) => permissions(c, world, null));
  app.post('/api/v1/permission/page', limited('/api/v1/permission'), async (c) =>
    permissions(c, world, readToken((await bodyOf(c))['pageToken'])),
  );
}

function find(world: World, rrn: unknown): SeededAsset | undefined {
  const wanted = JSON.stringify(rrn);
  return world.estate.assets.find((asset) => JSON.stringify(rrnOf(world.estate.seed, asset)) === wanted);
}

/** What Inspector found: the CVEs Compute finds as well, with fewer details. */
function externalFindings(world: World, asset: SeededAsset): Row[] {
  return asset.posture.findings
    .filter((f) => f.kind === 'vulnerability')
    .map((f) => ({
      findingId: `ext-${assetIdOf(world.estate.seed, asset).slice(0, 8)}-${f.cve ?? 'none'}`,
      externalFindingId: `arn:aws:inspector2:finding/${f.cve ?? 'none'}`,
      type: 'host_vulnerability_cve',
      source: 'inspector',
      severity: f.severity,
      status: 'OPEN',
      title: f.title,
      cveId: f.cve ?? null,
      createdOn: (world.estate.seededAt - 30 * 86_400) * 1000,
      updatedOn: (world.estate.seededAt - 86_400) * 1000,
      resourceCloudId: cloudId(world.estate.seed, asset),
      riskFactors: [],
    }));
}

const SOURCE = /^config from iam where source\.cloud\.resource\.(uai|name) = '([^']+)'$/;

/** One row per action on a thing; an administrator has one row for everything. */
async function permissions(c: Context, world: World, token: ReturnType<typeof readToken>): Promise<Response> {
  const body = await bodyOf(c);
  const query = token?.query ?? String(body['query']);
  const match = SOURCE.exec(query);
  if (!match) return refuse(c, 400, 'invalid_rql_query');
  const asset = world.estate.assets.find(
    (a) => (match[1] === 'name' ? a.name : assetIdOf(world.estate.seed, a)) === match[2],
  );
  const rows = asset?.instance ? grants(asset) : [];
  const page = pageOf(rows, token?.start ?? 0, Number(body['limit'] ?? 100), false);
  const answer = {
    items: page.items,
    nextPageToken: page.next === null ? '' : tokenOf({ query, start: page.next }),
    totalRows: rows.length,
  };
  return c.json(token ? answer : { id: 'iam-1', searchType: 'iam', query, data: answer });
}

function grants(asset: SeededAsset): Row[] {
  const grant = (policy: string, action: string): Row => ({
    sourceResourceId: asset.resourceId,
    sourceResourceName: asset.name,
    sourceResourceType: 'instance',
    sourcePublic: asset.posture.internetExposed,
    destCloudServiceName: '*',
    effectiveActionName: action,
    grantedByCloudPolicyId: `arn:aws:iam::aws:policy/${policy}`,
    grantedByCloudPolicyName: policy,
    grantedByCloudPolicyType: 'AWS Managed Policy',
    grantedByCloudEntityName: asset.posture.adminPrivileges ? 'ops-admin' : 'web-platform',
    grantedByCloudEntityType: 'role',
    isWildCardDestCloudResourceName: action === '*',
    lastAccessDate: null,
  });
  return asset.posture.adminPrivileges
    ? [grant('AdministratorAccess', '*')]
    : [grant('AmazonSSMManagedInstanceCore', 'ssm:UpdateInstanceInformation'), grant('LogWriter', 'logs:PutLogEvents')];
}
