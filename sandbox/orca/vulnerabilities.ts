import type { Estate, SeededAsset } from '../estate/types.ts';
import { iso, uuid } from './ids.ts';
import type { Thing } from './inventory.ts';
import type { Json, ScannedImage } from './types.ts';

export interface VulnerabilityNames {
  readonly exploitKey: string;
  readonly kevKey: string;
}

/** Rows of the model VulnerabilityV2 of one asset. A stopped disk is still vulnerable: only deletion ends these. */
export function vulnerabilityThings(
  estate: Estate,
  asset: SeededAsset,
  inventory: Thing,
  names: VulnerabilityNames,
): readonly Thing[] {
  return asset.posture.findings
    .filter((finding) => finding.kind === 'vulnerability')
    .map((finding) =>
      vulnerability(estate, inventory, {
        CveId: finding.cve ?? finding.title,
        Name: finding.title,
        CvssSeverity: finding.severity.toLowerCase(),
        FirstSeen: iso((estate.seededAt - Math.min(60, asset.createdDaysAgo) * 86_400) * 1000),
        LastSeen: iso(estate.seededAt * 1000),
        // The vendor leaves a key out where it has no answer.
        ...(finding.exploit === undefined ? {} : { [names.exploitKey]: finding.exploit }),
        ...(finding.kev === undefined ? {} : { [names.kevKey]: finding.kev }),
      }),
    );
}

/** An image of a registry and what is wrong with it. */
export function imageThings(
  estate: Estate,
  image: ScannedImage,
  names: VulnerabilityNames & { readonly imageModel: string; readonly imageDigestKey: string },
): { readonly image: Thing; readonly vulnerabilities: readonly Thing[] } {
  const thing: Thing = {
    id: uuid(estate.seed, `image/${image.digest}`),
    name: image.name,
    type: names.imageModel,
    assetUniqueId: `vmimage_${uuid(estate.seed, image.digest)}`,
    values: {
      AssetUniqueId: `vmimage_${uuid(estate.seed, image.digest)}`,
      Name: image.name,
      Type: names.imageModel,
      [names.imageDigestKey]: image.digest,
    },
    related: {},
  };
  const vulnerabilities = image.vulnerabilities.map((v) =>
    vulnerability(estate, thing, {
      CveId: v.cve,
      Name: v.cve,
      CvssSeverity: v.severity,
      FirstSeen: iso(estate.seededAt * 1000),
      [names.exploitKey]: v.exploit ?? false,
      [names.kevKey]: v.kev ?? false,
    }),
  );
  return { image: thing, vulnerabilities };
}

function vulnerability(estate: Estate, inventory: Thing, values: Record<string, Json>): Thing {
  return {
    id: uuid(estate.seed, `vulnerability/${inventory.assetUniqueId}/${values['CveId']}`),
    name: String(values['Name']),
    type: 'VulnerabilityV2',
    assetUniqueId: null,
    values,
    related: { Inventory: inventory },
  };
}
