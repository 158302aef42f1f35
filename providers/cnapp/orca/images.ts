import type { Finding } from '../../../schemas/posture.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { allRead } from '../../rows.ts';
import { isIn } from './conditions.ts';
import type { Context } from './context.ts';
import { failure, VENDOR } from './errors.ts';
import { READ_ASSETS } from './inventory.ts';
import { PAGE_SIZE } from './paging.ts';
import { rowOf } from './values.ts';
import { readVulnerabilities } from './vulnerabilities.ts';

const OPERATION = 'image';

/**
 * Vulnerabilities of the container image with this manifest digest, wherever a registry holds it. Model and key are not
 * documented by the vendor: where the tenant has others, the question fails and names the setting.
 */
export async function imageFindings(context: Context, digest: string): Promise<readonly Finding[]> {
  const { imageModel, imageDigestKey } = context.config;
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    throw failure(OPERATION, Kind.Terminal, 'the digest must be sha256: and 64 hexadecimal digits');
  const page = await context.serving.ask({
    operation: OPERATION,
    models: [imageModel],
    conditions: [isIn(imageDigestKey, [digest])],
    orderBy: 'AssetUniqueId',
    limit: PAGE_SIZE,
    start: 0,
    needs: READ_ASSETS,
  });
  if (context.serving.known([imageModel]).length === 0)
    throw failure(OPERATION, Kind.Terminal, `this tenant has no model ${imageModel}; set cnapp.orca.imageModel`);
  const rows = page.nodes.map(rowOf);
  const ids = rows.flatMap((row) => (row?.values[imageDigestKey] === digest ? (row.assetUniqueId ?? []) : []));
  if (ids.length === 0)
    throw failure(
      OPERATION,
      page.nodes.length === 0 ? Kind.NotFound : Kind.Malformed,
      page.nodes.length === 0
        ? `no image with digest ${digest} was scanned`
        : `the rows do not carry the digest in ${imageDigestKey}; set cnapp.orca.imageDigestKey`,
    );
  return allRead(await readVulnerabilities(context, ids), { provider: VENDOR, operation: OPERATION });
}
