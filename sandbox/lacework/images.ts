import { hexOf, keyOf } from '../estate/random.ts';
import { iso } from './names.ts';
import type { Row, World } from './types.ts';

const DAY = 86_400_000;

export const imagesOf = (seed: number) => ({
  vulnerable: digest(seed, 'vulnerable'),
  clean: digest(seed, 'clean'),
  old: digest(seed, 'old'),
  unknown: digest(seed, 'unknown'),
});

const digest = (seed: number, name: string): string => {
  const parts = [0, 1].map((i) => hexOf(keyOf(seed, `image/${name}/${i}`), 32));
  return `sha256:${parts.join('')}`;
};

/** `Vulnerabilities/Containers/search`: an image assessed twice, and one whose only assessment is ten days old. */
export function containerRows(world: World): readonly Row[] {
  const images = imagesOf(world.estate.seed);
  const row = (of: { image: string; cve: string; status: string; daysAgo: number }): Row => ({
    vulnId: of.cve,
    severity: 'Critical',
    status: of.status,
    imageId: `sha256:${'a'.repeat(64)}`,
    startTime: iso(world.clock() - of.daysAgo * DAY),
    evalGuid: `eval-${of.image.slice(7, 15)}-${of.daysAgo}`,
    featureKey: { name: 'openssl', namespace: 'alpine:3.19', version: '3.0.1' },
    featureProps: { layer: '', introduced_in: '', src: '', feed: '' },
    fixInfo: { fix_available: 1, fixed_version: '3.0.9' },
    evalCtx: {
      image_info: {
        digest: of.image,
        registry: 'reg.acme.example',
        repo: 'shop/web',
        tags: ['1.4'],
        status: 'Success',
      },
    },
  });
  return [
    row({ image: images.vulnerable, cve: 'CVE-2025-0001', status: 'VULNERABLE', daysAgo: 1 }),
    row({ image: images.vulnerable, cve: 'CVE-2025-0002', status: 'EXCEPTION', daysAgo: 1 }),
    row({ image: images.vulnerable, cve: 'CVE-2025-0003', status: 'GOOD', daysAgo: 1 }),
    row({ image: images.vulnerable, cve: 'CVE-2024-9999', status: 'VULNERABLE', daysAgo: 4 }),
    row({ image: images.old, cve: 'CVE-2025-0001', status: 'VULNERABLE', daysAgo: 10 }),
  ];
}

/** `VulnerabilityObservations/ImageSummary/search`. */
export function imageRows(world: World): readonly Row[] {
  const images = imagesOf(world.estate.seed);
  const row = (image: string, daysAgo: number): Row => ({
    digest: image,
    imageId: `sha256:${'a'.repeat(64)}`,
    registry: 'reg.acme.example',
    repository: 'shop/web',
    tag: '1.4',
    lastScanTime: iso(world.clock() - daysAgo * DAY),
    startTime: iso(world.clock() - daysAgo * DAY),
    scanStatus: 'Success',
    containerCount: 0,
  });
  return [row(images.vulnerable, 1), row(images.clean, 2), row(images.old, 10)];
}
