import type { z } from 'zod';
import { assetKeyOf, spellingsOf, valueOf } from '../../../domain/cloud-ids/index.ts';
import type { Posture } from '../../../schemas/posture.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { KnownAsset } from '../../../ports/cnapp.ts';
import type { WizClient } from './client.ts';
import type { DocumentName } from './documents.ts';
import { failure, VENDOR } from './errors.ts';
import {
  configurationFinding,
  detectionFinding,
  issueFinding,
  openPorts,
  readFindings,
  unique,
  vulnerabilityFinding,
} from './finding-rows.ts';
import { anyOf, ResourceRow } from './inventory-row.ts';
import { unreadIn } from '../unread.ts';
import { vendorIdOf } from './lookup.ts';
import { readOn, readPage } from './paging.ts';

export interface PostureOptions {
  readonly pageSize: number;
  readonly maxPages: number;
  /** Issues resolved within this many days are read too, so that a resolution can be seen. */
  readonly resolvedDays: number;
  /** Threat detections of this many days are read; null: none are. */
  readonly detectionDays: number | null;
  readonly clock: () => number;
}

const LIVE = ['OPEN', 'IN_PROGRESS'];
const Resource = ResourceRow.pick({
  id: true,
  providerUniqueId: true,
  isAccessibleFromInternet: true,
  isOpenToAllInternet: true,
  hasAdminPrivileges: true,
  hasSensitiveData: true,
  hasAccessToSensitiveData: true,
  graphEntity: true,
});

/** Everything Wiz knows of one asset, in one request unless its id is not known yet or a list is longer than a page. */
export async function readPosture(
  client: WizClient,
  asset: Pick<KnownAsset, 'vendorId' | 'assetKey'>,
  options: PostureOptions,
): Promise<Posture> {
  const id = await vendorIdOf(client, asset);
  const { detectionDays } = options;
  const withDetections = detectionDays !== null;
  const daysAgo = (days: number) => new Date(options.clock() - days * 86_400_000).toISOString();
  const filtersFor = (ids: readonly string[]) => ({
    open: { relatedEntity: { ids }, status: LIVE },
    resolved: { relatedEntity: { ids }, status: ['RESOLVED'], resolvedAt: { after: daysAgo(options.resolvedDays) } },
    configuration: { resource: { id: ids }, result: ['FAIL'], status: LIVE },
    vulnerability: { assetIdV2: { equals: ids }, status: LIVE },
    exposure: { exposedEntity: { id: ids }, type: ['PUBLIC_INTERNET'] },
    // A detection may know the resource by one of its ids only.
    detections: {
      or: [
        { resource: { id: { equals: ids } } },
        { resource: { providerUniqueId: { equals: spellingsOf(asset.assetKey) } } },
      ],
      createdAt: { after: daysAgo(detectionDays ?? 0) },
    },
  });
  let filters = filtersFor([id]);
  const ask = () => client.query('posture', { id, ...filters, withDetections, first: options.pageSize });
  let data = await ask();
  const resource = readResource(data['resource'], { vendorId: id, assetKey: asset.assetKey });
  const entity = entityOf(resource);
  // Findings hang on the entity of the graph. In all public samples it has the resource's id, and nothing promises that.
  if (entity !== id) {
    filters = filtersFor([id, entity]);
    data = await ask();
  }
  const list = (field: string, document: DocumentName, filter: Record<string, unknown>) =>
    readOn(client, readPage('posture', data, field), { document, filter, ...options });
  const [open, resolved, configuration, vulnerability, exposure, detections] = await Promise.all([
    list('openIssues', 'issues', filters.open),
    list('resolvedIssues', 'issues', filters.resolved),
    list('configuration', 'configuration', filters.configuration),
    list('vulnerability', 'vulnerability', filters.vulnerability),
    list('exposure', 'exposure', filters.exposure),
    withDetections ? list('detections', 'detections', filters.detections) : [],
  ]);
  const read = [
    readFindings(open, issueFinding),
    readFindings(resolved, issueFinding),
    readFindings(configuration, configurationFinding),
    readFindings(vulnerability, vulnerabilityFinding),
    readFindings(detections, detectionFinding),
  ];
  return {
    source: VENDOR,
    vendorId: id,
    observedAt: new Date(options.clock()).toISOString(),
    internetExposed: anyOf(
      resource.isAccessibleFromInternet,
      resource.isOpenToAllInternet,
      exposure.length > 0 ? true : null,
    ),
    openPorts: [...openPorts(exposure)],
    adminPrivileges: resource.hasAdminPrivileges ?? null,
    sensitiveData: anyOf(resource.hasSensitiveData, resource.hasAccessToSensitiveData),
    findings: unique(read.flatMap(({ rows }) => rows)),
    ...unreadIn(read),
  };
}

/** @throws ProviderError malformed for a resource without entity: what is known of it is then not known, and not empty */
function entityOf({ id, graphEntity }: z.infer<typeof Resource>): string {
  if (graphEntity === null)
    throw failure('posture', Kind.Malformed, `resource ${id} has no graphEntity, so its findings cannot be asked for`);
  return graphEntity?.id ?? id;
}

function readResource(node: unknown, asset: { vendorId: string; assetKey: string }): z.infer<typeof Resource> {
  if (node === null || node === undefined)
    throw failure('posture', Kind.NotFound, `no resource with id ${asset.vendorId}`);
  const parsed = Resource.safeParse(node);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw failure('posture', Kind.Malformed, `resource.${issue?.path.join('.')}: ${issue?.message}`);
  }
  if (valueOf(assetKeyOf(parsed.data.providerUniqueId)) !== asset.assetKey)
    throw failure(
      'posture',
      Kind.Malformed,
      `resource ${asset.vendorId} is another asset than the one asked for; sweep again so that ids are read anew`,
    );
  return parsed.data;
}
