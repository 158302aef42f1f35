import { kindOf } from '../estate/kinds.ts';
import type { SeededAsset } from '../estate/types.ts';
import { groupOf, hasProfile, profileOf, volumeConfiguration } from './configuration.ts';
import { cloudOf, iso, urnOf } from './names.ts';
import { BadRequest } from './search.ts';
import type { Row, World } from './types.ts';

/** The one form of query that is asked: a source, filtered by account, some columns returned. */
const QUERY =
  /^\{\s*source\s*\{\s*(\w+)\s+(\w+)\s*\}\s*filter\s*\{\s*\2\.ACCOUNT_ID = '(\d{12})'\s*\}\s*return distinct\s*\{([^}]*)\}\s*\}$/;

/** `Queries/execute` over the configuration sources of AWS. */
export function runQuery(world: World, body: unknown): readonly Row[] {
  const { query, options, arguments: times } = (body ?? {}) as Record<string, unknown>;
  const text = (query as { queryText?: string } | undefined)?.queryText ?? '';
  const [, source = '', alias = '', account = '', columns = ''] = QUERY.exec(text) ?? [];
  if (source === '') throw new BadRequest('LQL: parse error');
  if (!Array.isArray(times) || times.length !== 2) throw new BadRequest('StartTimeRange and EndTimeRange are required');
  const make = SOURCES[source];
  if (!make) throw new BadRequest(`LQL: unknown source ${source}`);
  const wanted = columns.split(',').map((column) => column.trim().replace(`${alias}.`, ''));
  const assets = world.estate.assets.filter((a) => a.accountId === account && cloudOf(a) === 'aws');
  const limit = (options as { limit?: number } | undefined)?.limit ?? 5000;
  return assets
    .filter((asset) => world.stateAt(asset, world.clock()) !== 'gone')
    .flatMap((asset) => make(world, asset))
    .slice(0, limit)
    .map((row) => Object.fromEntries(wanted.map((column) => [column, row[column] ?? null])));
}

const SOURCES: Readonly<Record<string, (world: World, asset: SeededAsset) => readonly Row[]>> = {
  LW_CFG_AWS_EC2_VOLUMES: (world, asset) =>
    kindOf(asset.resourceType) !== 'volume'
      ? []
      : [
          base(asset, urnOf(asset), {
            id: asset.resourceId,
            config: volumeConfiguration(asset, createdAt(world, asset)),
          }),
        ],
  LW_CFG_AWS_EC2_SECURITY_GROUPS: (world, asset) =>
    kindOf(asset.resourceType) === 'volume' ? [] : [groupRow(world, asset)],
  LW_CFG_AWS_IAM_ROLES: (_world, asset) =>
    kindOf(asset.resourceType) === 'instance' && hasProfile(asset) ? [roleRow(asset)] : [],
};

const createdAt = (world: World, asset: SeededAsset): string =>
  iso((world.estate.seededAt - asset.createdDaysAgo * 86_400) * 1000);

function base(asset: SeededAsset, arn: string, of: { id: string; config: Row }): Row {
  return {
    ACCOUNT_ID: asset.accountId,
    RESOURCE_ID: of.id,
    ARN: arn,
    RESOURCE_REGION: asset.region,
    SERVICE: 'ec2',
    RESOURCE_CONFIG: of.config,
  };
}

/** Ports open to the world where the asset is exposed; inside the network otherwise. */
function groupRow(world: World, asset: SeededAsset): Row {
  const id = groupOf(world.estate.seed, asset);
  const permissions = asset.posture.openPorts.map((port) => {
    const [from = '', to = from] = port.split('-');
    return {
      IpProtocol: 'tcp',
      FromPort: Number(from),
      ToPort: Number(to),
      IpRanges: [{ CidrIp: asset.posture.internetExposed ? '0.0.0.0/0' : '10.0.0.0/8' }],
      Ipv6Ranges: [],
    };
  });
  const inside = { IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }], Ipv6Ranges: [] };
  const arn = `arn:aws:ec2:${asset.region}:${asset.accountId}:security-group/${id}`;
  return base(asset, arn, { id, config: { GroupId: id, IpPermissions: [...permissions, inside] } });
}

function roleRow(asset: SeededAsset): Row {
  const name = `${asset.name}-role`;
  const policy = asset.posture.adminPrivileges ? 'AdministratorAccess' : 'ReadOnlyAccess';
  const config = {
    RoleName: name,
    InstanceProfileList: [{ Arn: profileOf(asset) }],
    AttachedManagedPolicies: [{ PolicyArn: `arn:aws:iam::aws:policy/${policy}`, PolicyName: policy }],
  };
  return base(asset, `arn:aws:iam::${asset.accountId}:role/${name}`, { id: name, config });
}
