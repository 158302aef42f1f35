import { z } from 'zod';
import type { Finding, Posture } from '../../../schemas/posture.ts';
import { ProviderErrorKind as Kind } from '../../errors.ts';
import type { WizClient } from './client.ts';
import type { DocumentName } from './documents.ts';
import { failure, failureWith, VENDOR } from './errors.ts';
import { configurationFinding, issueFinding, openPorts, vulnerabilityFinding } from './finding-rows.ts';
import { anyOf, ResourceRow } from './inventory-row.ts';
import { readOn, readPage } from './paging.ts';

export interface PostureOptions {
  readonly pageSize: number;
  readonly maxPages: number;
  /** Issues resolved within this many days are read too, so that a resolution can be seen. */
  readonly resolvedDays: number;
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
});

/** Everything Wiz knows of one asset, in one request unless a list is longer than a page. */
export async function readPosture(
  client: WizClient,
  asset: { readonly vendorId: string | null; readonly assetKey: string },
  options: PostureOptions,
): Promise<Posture> {
  const id = asset.vendorId;
  if (id === null) throw failure('posture', Kind.NotFound, 'no Wiz id is known for this asset');
  const since = new Date(options.clock() - options.resolvedDays * 86_400_000).toISOString();
  const filters = {
    open: { relatedEntity: { ids: [id] }, status: LIVE },
    resolved: { relatedEntity: { ids: [id] }, status: ['RESOLVED'], resolvedAt: { after: since } },
    configuration: { resource: { id: [id] }, result: ['FAIL'], status: LIVE },
    vulnerability: { assetIdV2: { equals: [id] }, status: LIVE },
    exposure: { exposedEntity: { id: [id] }, type: ['PUBLIC_INTERNET'] },
  };
  const data = await client.query('posture', { id, ...filters, first: options.pageSize });
  const resource = readResource(data['resource'], { vendorId: id, assetKey: asset.assetKey });
  const list = (field: string, document: DocumentName, filter: Record<string, unknown>) =>
    readOn(client, readPage('posture', data, field), { document, filter, ...options });
  const [open, resolved, configuration, vulnerability, exposure] = await Promise.all([
    list('openIssues', 'issues', filters.open),
    list('resolvedIssues', 'issues', filters.resolved),
    list('configuration', 'configuration', filters.configuration),
    list('vulnerability', 'vulnerability', filters.vulnerability),
    list('exposure', 'exposure', filters.exposure),
  ]);
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
    findings: unique([
      ...read('openIssues', open, issueFinding),
      ...read('resolvedIssues', resolved, issueFinding),
      ...read('configuration', configuration, configurationFinding),
      ...read('vulnerability', vulnerability, vulnerabilityFinding),
    ]),
  };
}

function readResource(node: unknown, asset: { vendorId: string; assetKey: string }): z.infer<typeof Resource> {
  if (node === null || node === undefined)
    throw failure('posture', Kind.NotFound, `no resource with id ${asset.vendorId}`);
  const parsed = Resource.safeParse(node);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw failure('posture', Kind.Malformed, `resource.${issue?.path.join('.')}: ${issue?.message}`);
  }
  if (parsed.data.providerUniqueId !== asset.assetKey)
    throw failure(
      'posture',
      Kind.Malformed,
      `resource ${asset.vendorId} is another asset than the one asked for; sweep again so that ids are read anew`,
    );
  return parsed.data;
}

function read(list: string, nodes: readonly unknown[], reader: (node: unknown) => Finding): Finding[] {
  try {
    return nodes.map(reader);
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
    const where = issue ? `${issue.path.join('.') || 'row'}: ${issue.message}` : 'unreadable row';
    throw failureWith({ operation: 'posture', kind: Kind.Malformed, message: `${list}.${where}`, cause: error });
  }
}

/** Lists that move while being read repeat rows; the later reading counts. */
function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((f) => [f.uid, f])).values()];
}
