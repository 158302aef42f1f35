import { hexOf, keyOf } from '../estate/random.ts';
import type { Estate } from '../estate/types.ts';
import { iso, uuid } from './inventory.ts';
import type { Row } from './types.ts';

const digest = (seed: number, name: string): string =>
  `sha256:${[0, 1].map((i) => hexOf(keyOf(seed, `image/${name}/${i}`), 32)).join('')}`;

/** Manifest digests: two images that were scanned, one that never was. */
export const imagesOf = (seed: number) => ({
  vulnerable: digest(seed, 'vulnerable'),
  clean: digest(seed, 'clean'),
  unknown: digest(seed, 'unknown'),
});

/** Container images of the first account; the vulnerable one is in two registries. */
export function imageRows(estate: Estate): readonly Row[] {
  const { vulnerable, clean } = imagesOf(estate.seed);
  const accountId = estate.accounts[0]?.accountId ?? '';
  const row = (name: string, manifest: string): Row => ({
    id: uuid(estate.seed, `image/${name}`),
    name,
    type: 'CONTAINER_IMAGE',
    nativeType: 'containerImage',
    digest: manifest,
    providerUniqueId: null,
    region: null,
    deletedAt: null,
    lastSeen: iso(estate.seededAt * 1000),
    cloudAccount: { id: uuid(estate.seed, `account/${accountId}`), externalId: accountId },
  });
  return [row('shop/web', vulnerable), row('mirror/web', vulnerable), row('shop/api', clean)];
}

/** `vulnerabilityFindings` of those images. */
export function imageVulnerabilityRows(estate: Estate): readonly Row[] {
  const { vulnerable } = imagesOf(estate.seed);
  return imageRows(estate)
    .filter((image) => image['digest'] === vulnerable)
    .flatMap((image) =>
      [
        { cve: 'CVE-2021-44228', severity: 'CRITICAL', known: true, status: 'OPEN' },
        { cve: 'CVE-2024-6387', severity: 'HIGH', known: false, status: 'OPEN' },
        { cve: 'CVE-2022-0001', severity: 'LOW', known: false, status: 'RESOLVED' },
      ].map(({ cve, severity, known, status }) => ({
        id: uuid(estate.seed, `image/${String(image['name'])}/${cve}`),
        name: cve,
        detailedName: cve,
        severity,
        status,
        hasExploit: known,
        hasCisaKevExploit: known,
        firstDetectedAt: iso((estate.seededAt - 86_400) * 1000),
        lastDetectedAt: iso(estate.seededAt * 1000),
        vulnerableAsset: { id: image['id'] ?? null },
      })),
    );
}
